// What a CPO lets its eMSPs read: locations and tariffs from the registry, sessions and CDRs as they are delivered to the partner that asks.
import type { Request } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import {
  canonical,
  type Expressed,
  OcpiProblem,
  type OcpiVersion,
  type PageQuery,
  readPageQuery,
  type WireLocation,
  written,
} from '@evenkeel/ocpi';
import { LOG, type Log, Metrics } from '@evenkeel/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { bearerOf, type Deliverable } from '../delivery/delivery';
import { DeliveryView } from '../delivery/delivery-view';
import { Published } from '../delivery/published';
import { SignedMeterData } from '../delivery/signed-meter-data';
import { found, type OcpiAnswer, page, pageLimits } from '../http/answer';
import { speaksFor } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { type DataModule, interfaceUrl } from '../interfaces';
import { Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { Platform } from '../platform';

type Parameters = Readonly<Record<string, unknown>>;

@Controller('ocpi/cpo/:version')
export class CpoSender {
  constructor(
    private readonly platform: Platform,
    private readonly requester: Requester<'ocpi-bridge'>,
    private readonly deliveries: DeliveryView,
    private readonly bearers: Bearers,
    private readonly catalogue: Published,
    private readonly signed: SignedMeterData,
    private readonly metrics: Metrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Described({ summary: 'Our locations, the oldest first', lists: 'location' })
  @Get('locations')
  async locations(@InVersion() version: OcpiVersion, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.requester.ask('publishedLocations', this.pageOf(query));
    const locations = items.map((location) => written(version.location, canonical.location.write(location, this.platform.name)));
    return this.page(version, 'locations', query, total, locations);
  }

  @Described({ summary: 'One location', answers: 'location' })
  @Get('locations/:id')
  async location(@InVersion() version: OcpiVersion, @Param() { id }: { id: string }): Promise<OcpiAnswer> {
    return said(version.location.write(await this.published(id)), id);
  }

  @Described({ summary: 'One EVSE', answers: 'evse' })
  @Get('locations/:id/:evse')
  async evse(@InVersion() version: OcpiVersion, @Param() { id, evse }: { id: string; evse: string }): Promise<OcpiAnswer> {
    const place = canonical.location.evseOf(await this.published(id), evse) ?? missing(evse);
    return said(version.evse.write(place), evse);
  }

  @Described({ summary: 'One connector', answers: 'connector' })
  @Get('locations/:id/:evse/:connector')
  async connector(
    @InVersion() version: OcpiVersion,
    @Param() { id, evse, connector }: { id: string; evse: string; connector: string },
  ): Promise<OcpiAnswer> {
    const place = canonical.location.evseOf(await this.published(id), evse) ?? missing(evse);
    return said(version.connector.write(canonical.location.connectorOf(place, connector) ?? missing(connector)), connector);
  }

  @Described({ summary: 'Our tariffs', lists: 'tariff' })
  @Get('tariffs')
  async tariffs(@InVersion() version: OcpiVersion, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.requester.ask('publishedTariffs', this.pageOf(query));
    const tariffs = items.map((tariff) => written(version.tariff, canonical.tariff.write(tariff)));
    return this.page(version, 'tariffs', query, total, tariffs);
  }

  @Described({ summary: 'Sessions of the drivers of the calling party; date_from is required', lists: 'session' })
  @Get('sessions')
  async sessions(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    // OCPI 2.2.1 mod_sessions, Sender GET: the only list whose beginning must be given.
    if (query.from === undefined) throw OcpiProblem.invalid('date_from is required');
    const { items, total } = await this.deliveries.sessions(speaksFor(caller, 'EMSP'), query);
    return this.page(version, 'sessions', query, total, await this.written(items, version));
  }

  @Described({ summary: 'CDRs of the drivers of the calling party', lists: 'cdr' })
  @Get('cdrs')
  async cdrs(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.deliveries.cdrs(speaksFor(caller, 'EMSP'), query);
    return this.page(version, 'cdrs', query, total, await this.written(items, version));
  }

  private async written(items: readonly Deliverable[], version: OcpiVersion): Promise<Expressed<unknown>[]> {
    const asked = items.flatMap((item) => {
      const token = bearerOf(item);
      return (item.module === 'sessions' || item.module === 'cdrs') && token ? [{ item, token }] : [];
    });
    const resolved = await this.bearers.resolve(asked.map(({ token }) => token));
    const objects = asked.map(({ item }) => item);
    const backgrounds = await this.catalogue.backgroundsOf(objects, version);
    const signed = await this.signed.of(objects);
    return asked.map(({ item }, index): Expressed<unknown> => {
      const bearer = resolved[index];
      if (bearer?.status !== 'known') return { ok: false, reason: `whom it is about is ${bearer?.status ?? 'unknown'}` };
      const background = backgrounds[index];
      return item.module === 'cdrs'
        ? written(version.cdr, canonical.cdr.write(item.cdr, bearer.token, signed[index]), background)
        : written(version.session, canonical.session.write(item.session, bearer.token), background);
    });
  }

  /** @throws OcpiProblem 404 with 2003 for a location that there is not, or that cannot be said. */
  private async published(id: string): Promise<WireLocation> {
    return (await this.catalogue.wireLocation(this.platform.party, id)) ?? missing(id);
  }

  private pageOf({ from, to, offset, limit }: PageQuery): Request<'publishedLocations'> {
    const updated = { ...(from === undefined ? {} : { updatedFrom: from }), ...(to === undefined ? {} : { updatedBefore: to }) };
    return { party: this.platform.party, ...updated, offset, limit };
  }

  /** What this version cannot say is left out of its page, and told to us rather than to the partner. */
  private page(version: OcpiVersion, module: DataModule, query: PageQuery, total: number, objects: Expressed<unknown>[]): OcpiAnswer {
    const items = objects.flatMap((object) => {
      if (object.ok) return [object.wire];
      this.metrics.count('evenkeel_ocpi_unpublished_total', 'Objects that the version cannot express', { module });
      this.log.warn({ module, reason: object.reason }, 'an object cannot be published');
      return [];
    });
    return page(interfaceUrl(this.platform.publicUrl, 'CPO', version.number, module), query, total, items);
  }
}

function said(object: Expressed<unknown>, id: string): OcpiAnswer {
  return found(object.ok ? object.wire : missing(id));
}

function missing(id: string): never {
  throw OcpiProblem.missing(`there is no ${id}`);
}
