// Locations and tariffs that CPOs push to an eMSP (OCPI 2.2.1 mod_locations and mod_tariffs, Receiver).
import type { PartyKey } from '@evenkeel/contracts';
import { canonical, OcpiProblem, type OcpiVersion, type WireLocation } from '@evenkeel/ocpi';
import { Body, Controller, Delete, Get, Param, Patch, Put } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { afterPatch, bodyOf, checkId, checkOwner, isOlder, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { PartnerPlaces } from '../received/partner-places';

type Path = OwnerPath & { id: string };
type EvsePath = Path & { evse: string };
type ConnectorPath = EvsePath & { connector: string };

@Controller('ocpi/emsp/:version')
export class PlacesReceiver {
  constructor(private readonly places: PartnerPlaces) {}

  @Described({ summary: 'A location as we have it', shows: 'location' })
  @Get('locations/:country/:party/:id')
  async location(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: Path): Promise<OcpiAnswer> {
    return found(version.location.show(await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id)));
  }

  @Described({ summary: 'An EVSE as we have it', shows: 'evse' })
  @Get('locations/:country/:party/:id/:evse')
  async evse(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: EvsePath): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    return found(version.evse.show(canonical.location.evseOf(location, path.evse) ?? missing(path.evse)));
  }

  @Described({ summary: 'A connector as we have it', shows: 'connector' })
  @Get('locations/:country/:party/:id/:evse/:connector')
  async connector(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: ConnectorPath): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const evse = canonical.location.evseOf(location, path.evse) ?? missing(path.evse);
    return found(version.connector.show(canonical.location.connectorOf(evse, path.connector) ?? missing(path.connector)));
  }

  @Described({ summary: 'Tell us of a location', takes: ['location'], mayCreate: true })
  @Put('locations/:country/:party/:id')
  async putLocation(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const location = ownedBody(version.location, body, owner);
    checkId(location.id, path.id);
    const before = await this.places.location(owner, path.id);
    await this.places.keepLocations(caller.partner.partnerId, [location]);
    return stored(before === undefined);
  }

  @Described({ summary: 'Tell us of an EVSE', takes: ['evse'], mayCreate: true })
  @Put('locations/:country/:party/:id/:evse')
  async putEvse(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: EvsePath,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const evse = bodyOf(version.evse.read(body, { owner }));
    checkId(evse.uid, path.evse);
    let isNew = false;
    await this.change(caller, path, (location) => {
      isNew = canonical.location.evseOf(location, path.evse) === undefined;
      return canonical.location.withEvse(location, evse);
    });
    return stored(isNew);
  }

  @Described({ summary: 'Tell us of a connector', takes: ['connector'] })
  @Put('locations/:country/:party/:id/:evse/:connector')
  async putConnector(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: ConnectorPath,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const connector = bodyOf(version.connector.read(body, { owner }));
    checkId(connector.id, path.connector);
    return this.change(caller, path, (location) => canonical.location.withConnector(location, path.evse, connector) ?? missing(path.evse));
  }

  @Described({ summary: 'Change some fields of a location', patches: 'location' })
  @Patch('locations/:country/:party/:id')
  async patchLocation(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const patch = patchBody(body);
    return this.change(caller, path, (location) => {
      if (isOlder(patch, location)) return location;
      const changed = afterPatch(version.location, location, patch, owner);
      checkOwner(changed, owner);
      checkId(changed.id, path.id);
      return changed;
    });
  }

  @Described({ summary: 'Change some fields of an EVSE', patches: 'evse' })
  @Patch('locations/:country/:party/:id/:evse')
  async patchEvse(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: EvsePath,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const patch = patchBody(body);
    const owner = ownerIn(path, caller, 'CPO');
    return this.change(caller, path, (location) => {
      const evse = canonical.location.evseOf(location, path.evse) ?? missing(path.evse);
      if (isOlder(patch, evse)) return location;
      const changed = afterPatch(version.evse, evse, patch, owner);
      checkId(changed.uid, path.evse);
      return canonical.location.withEvse(location, changed);
    });
  }

  @Described({ summary: 'Change some fields of a connector', patches: 'connector' })
  @Patch('locations/:country/:party/:id/:evse/:connector')
  async patchConnector(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: ConnectorPath,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const patch = patchBody(body);
    const owner = ownerIn(path, caller, 'CPO');
    return this.change(caller, path, (location) => {
      const evse = canonical.location.evseOf(location, path.evse) ?? missing(path.evse);
      const connector = canonical.location.connectorOf(evse, path.connector) ?? missing(path.connector);
      if (isOlder(patch, connector)) return location;
      const changed = afterPatch(version.connector, connector, patch, owner);
      checkId(changed.id, path.connector);
      return canonical.location.withConnector(location, path.evse, changed) ?? missing(path.evse);
    });
  }

  @Described({ summary: 'A tariff as we have it', shows: 'tariff' })
  @Get('tariffs/:country/:party/:id')
  async tariff(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: Path): Promise<OcpiAnswer> {
    return found(version.tariff.show((await this.places.tariff(ownerIn(path, caller, 'CPO'), path.id)) ?? missing(path.id)));
  }

  @Described({ summary: 'Tell us of a tariff', takes: ['tariff'], mayCreate: true })
  @Put('tariffs/:country/:party/:id')
  async putTariff(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const tariff = ownedBody(version.tariff, body, owner);
    checkId(tariff.id, path.id);
    const isNew = (await this.places.tariff(owner, path.id)) === undefined;
    await this.places.keepTariffs(caller.partner.partnerId, [tariff]);
    return stored(isNew);
  }

  /** OCPI 2.1.1 only: later versions send a tariff whole. */
  @Described({ summary: 'Change some fields of a tariff', patches: 'tariff', only: '2.1.1' })
  @Patch('tariffs/:country/:party/:id')
  async patchTariff(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    if (version.number !== '2.1.1') throw OcpiProblem.notAllowed('a tariff is PUT, not patched');
    const owner = ownerIn(path, caller, 'CPO');
    const patch = patchBody(body);
    const known = (await this.places.tariff(owner, path.id)) ?? missing(path.id);
    if (isOlder(patch, known)) return stored(false);
    const changed = afterPatch(version.tariff, known, patch, owner);
    checkId(changed.id, path.id);
    await this.places.keepTariffs(caller.partner.partnerId, [changed]);
    return stored(false);
  }

  @Described({ summary: 'A tariff is gone' })
  @Delete('tariffs/:country/:party/:id')
  async dropTariff(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    if (!(await this.places.dropTariff(ownerIn(path, caller, 'CPO'), path.id))) missing(path.id);
    return stored(false);
  }

  private async knownLocation(owner: PartyKey, id: string): Promise<WireLocation> {
    return (await this.places.location(owner, id)) ?? missing(id);
  }

  private async change(caller: Caller, path: Path, change: (location: WireLocation) => WireLocation): Promise<OcpiAnswer> {
    const { partnerId } = caller.partner;
    if (!(await this.places.changeLocation(partnerId, ownerIn(path, caller, 'CPO'), path.id, change))) missing(path.id);
    return stored(false);
  }
}

function missing(id: string): never {
  throw OcpiProblem.missing(`there is no ${id}`);
}
