// Locations and tariffs that CPOs push to an eMSP (OCPI 2.2.1 mod_locations and mod_tariffs, Receiver).
import type { PartyKey } from '@evenkeel/contracts';
import { OcpiProblem, patched, readWire, v221, type WireLocation } from '@evenkeel/ocpi';
import { Body, Controller, Delete, Get, Param, Patch, Put } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, checkId, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { PartnerPlaces } from '../received/partner-places';

type Path = OwnerPath & { id: string };
type EvsePath = Path & { evse: string };
type ConnectorPath = EvsePath & { connector: string };

@Controller('ocpi/emsp/2.2.1')
export class PlacesReceiver {
  constructor(private readonly places: PartnerPlaces) {}

  @Get('locations/:country/:party/:id')
  async location(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    return found(await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id));
  }

  @Get('locations/:country/:party/:id/:evse')
  async evse(@CalledBy() caller: Caller, @Param() path: EvsePath): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    return found(v221.location.evseOf(location, path.evse) ?? missing(path.evse));
  }

  @Get('locations/:country/:party/:id/:evse/:connector')
  async connector(@CalledBy() caller: Caller, @Param() path: ConnectorPath): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const evse = v221.location.evseOf(location, path.evse) ?? missing(path.evse);
    return found(v221.location.connectorOf(evse, path.connector) ?? missing(path.connector));
  }

  @Put('locations/:country/:party/:id')
  async putLocation(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const location = ownedBody(v221.location.schema, body, owner);
    checkId(location.id, path.id);
    const before = await this.places.location(owner, path.id);
    return this.keep(caller, location, before === undefined);
  }

  @Put('locations/:country/:party/:id/:evse')
  async putEvse(@CalledBy() caller: Caller, @Param() path: EvsePath, @Body() body: unknown): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const evse = bodyOf(readWire(v221.location.evseSchema, body));
    checkId(evse.uid, path.evse);
    return this.keep(caller, v221.location.withEvse(location, evse), v221.location.evseOf(location, path.evse) === undefined);
  }

  @Put('locations/:country/:party/:id/:evse/:connector')
  async putConnector(@CalledBy() caller: Caller, @Param() path: ConnectorPath, @Body() body: unknown): Promise<OcpiAnswer> {
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const connector = bodyOf(readWire(v221.location.connectorSchema, body));
    checkId(connector.id, path.connector);
    const changed = v221.location.withConnector(location, path.evse, connector) ?? missing(path.evse);
    return this.keep(caller, changed, false);
  }

  @Patch('locations/:country/:party/:id')
  async patchLocation(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const patch = patchBody(body);
    const location = await this.knownLocation(owner, path.id);
    if (isOlder(patch, location)) return stored(false);
    const changed = ownedBody(v221.location.schema, patched(location, patch), owner);
    checkId(changed.id, path.id);
    return this.keep(caller, changed, false);
  }

  @Patch('locations/:country/:party/:id/:evse')
  async patchEvse(@CalledBy() caller: Caller, @Param() path: EvsePath, @Body() body: unknown): Promise<OcpiAnswer> {
    const patch = patchBody(body);
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const evse = v221.location.evseOf(location, path.evse) ?? missing(path.evse);
    if (isOlder(patch, evse)) return stored(false);
    const changed = bodyOf(readWire(v221.location.evseSchema, patched(evse, patch)));
    checkId(changed.uid, path.evse);
    return this.keep(caller, v221.location.withEvse(location, changed), false);
  }

  @Patch('locations/:country/:party/:id/:evse/:connector')
  async patchConnector(@CalledBy() caller: Caller, @Param() path: ConnectorPath, @Body() body: unknown): Promise<OcpiAnswer> {
    const patch = patchBody(body);
    const location = await this.knownLocation(ownerIn(path, caller, 'CPO'), path.id);
    const evse = v221.location.evseOf(location, path.evse) ?? missing(path.evse);
    const connector = v221.location.connectorOf(evse, path.connector) ?? missing(path.connector);
    if (isOlder(patch, connector)) return stored(false);
    const changed = bodyOf(readWire(v221.location.connectorSchema, patched(connector, patch)));
    checkId(changed.id, path.connector);
    return this.keep(caller, v221.location.withConnector(location, path.evse, changed) ?? missing(path.evse), false);
  }

  @Get('tariffs/:country/:party/:id')
  async tariff(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    return found((await this.places.tariff(ownerIn(path, caller, 'CPO'), path.id)) ?? missing(path.id));
  }

  @Put('tariffs/:country/:party/:id')
  async putTariff(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const tariff = ownedBody(v221.tariff.schema, body, owner);
    checkId(tariff.id, path.id);
    const isNew = (await this.places.tariff(owner, path.id)) === undefined;
    await this.places.keepTariffs(caller.partner.partnerId, [tariff]);
    return stored(isNew);
  }

  @Delete('tariffs/:country/:party/:id')
  async dropTariff(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    if (!(await this.places.dropTariff(ownerIn(path, caller, 'CPO'), path.id))) missing(path.id);
    return stored(false);
  }

  private async knownLocation(owner: PartyKey, id: string): Promise<WireLocation> {
    return (await this.places.location(owner, id)) ?? missing(id);
  }

  private async keep(caller: Caller, location: WireLocation, isNew: boolean): Promise<OcpiAnswer> {
    await this.places.keepLocations(caller.partner.partnerId, [location]);
    return stored(isNew);
  }
}

function missing(id: string): never {
  throw OcpiProblem.missing(`there is no ${id}`);
}

/** An overtaken PATCH is no fault of its sender; it only comes too late. */
function isOlder(patch: { last_updated: string }, known: { last_updated: string }): boolean {
  return Date.parse(patch.last_updated) < Date.parse(known.last_updated);
}
