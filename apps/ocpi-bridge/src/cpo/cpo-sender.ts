// What a CPO lets its eMSPs read: locations and tariffs from the registry, sessions and CDRs as they are delivered to the partner that asks.
import type { Request } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { type Expressed, OcpiProblem, type PageQuery, readPageQuery, v221 } from '@evenkeel/ocpi';
import { LOG, type Log, Metrics } from '@evenkeel/service';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { bearerOf, type Deliverable } from '../delivery/delivery';
import { DeliveryView } from '../delivery/delivery-view';
import { type OcpiAnswer, page, pageLimits } from '../http/answer';
import { CalledBy } from '../http/request';
import { type DataModule, interfaceUrl } from '../interfaces';
import type { Caller } from '../partner/partner-view';
import { Platform } from '../platform';

type Parameters = Readonly<Record<string, unknown>>;

@Controller('ocpi/cpo/2.2.1')
export class CpoSender {
  constructor(
    private readonly platform: Platform,
    private readonly requester: Requester<'ocpi-bridge'>,
    private readonly deliveries: DeliveryView,
    private readonly bearers: Bearers,
    private readonly metrics: Metrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get('locations')
  async locations(@Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.requester.ask('publishedLocations', this.published(query));
    const written = items.map((location) => v221.location.write(location, this.platform.name));
    return this.page('locations', query, total, written);
  }

  @Get('tariffs')
  async tariffs(@Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.requester.ask('publishedTariffs', this.published(query));
    return this.page('tariffs', query, total, items.map(v221.tariff.write));
  }

  @Get('sessions')
  async sessions(@CalledBy() caller: Caller, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    // OCPI 2.2.1 mod_sessions, Sender GET: the only list whose beginning must be given.
    if (query.from === undefined) throw OcpiProblem.invalid('date_from is required');
    const { items, total } = await this.deliveries.page('sessions', partiesOf(caller), query);
    return this.page('sessions', query, total, await this.written(items));
  }

  @Get('cdrs')
  async cdrs(@CalledBy() caller: Caller, @Query() parameters: Parameters): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { items, total } = await this.deliveries.page('cdrs', partiesOf(caller), query);
    return this.page('cdrs', query, total, await this.written(items));
  }

  private async written(items: readonly Deliverable[]): Promise<Expressed<unknown>[]> {
    const asked = items.flatMap((item) => {
      const token = bearerOf(item);
      return item.module === 'tokens' || !token ? [] : [{ item, token }];
    });
    const resolved = await this.bearers.resolve(asked.map(({ token }) => token));
    return asked.map(({ item }, index): Expressed<unknown> => {
      const bearer = resolved[index];
      if (bearer?.status !== 'known') return { ok: false, reason: `whom it is about is ${bearer?.status ?? 'unknown'}` };
      return item.module === 'cdrs' ? v221.cdr.write(item.cdr, bearer.token) : v221.session.write(item.session, bearer.token);
    });
  }

  private published({ from, to, offset, limit }: PageQuery): Request<'publishedLocations'> {
    const updated = { ...(from === undefined ? {} : { updatedFrom: from }), ...(to === undefined ? {} : { updatedBefore: to }) };
    return { party: this.platform.party, ...updated, offset, limit };
  }

  /** What this version cannot say is left out of its page, and told to us rather than to the partner. */
  private page(module: DataModule, query: PageQuery, total: number, written: Expressed<unknown>[]): OcpiAnswer {
    const items = written.flatMap((object) => {
      if (object.ok) return [object.wire];
      this.metrics.count('evenkeel_ocpi_unpublished_total', 'Objects that the version cannot express', { module });
      this.log.warn({ module, reason: object.reason }, 'an object cannot be published');
      return [];
    });
    return page(interfaceUrl(this.platform.publicUrl, 'CPO', module), query, total, items);
  }
}

function partiesOf({ partner }: Caller): string[] {
  return (partner.registration?.roles ?? []).map(({ party }) => party);
}
