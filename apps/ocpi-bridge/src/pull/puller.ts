// Fetches partners' lists page by page: all of them after a handshake, what has changed since from then on (OCPI 2.2.1
// transport_and_format, Pagination). A crawl that failed begins again; only a complete one moves the date that the next begins at.
import { type PartyKey, partyKey } from '@evenkeel/contracts';
import { nextPage, OcpiProblem, ocpiVersions, readDateTime, type VersionObject, type WireToken } from '@evenkeel/ocpi';
import type { Log, Metrics } from '@evenkeel/service';
import { inWords, type PartnerClient } from '../client/partner-client';
import type { ClientDesk } from '../hub/client-desk';
import type { HubClients } from '../hub/hub-clients';
import { type DataModule, otherRole, partnerEndpoint, pulledBy, type Role } from '../interfaces';
import type { Lease } from '../lease';
import { addresseeOf, hubOf, partyIn } from '../partner/partner';
import { isRegistered, type PartnerView, type RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import { type PaymentDesk, providerIn } from '../payments/payment-desk';
import type { PartnerPlaces } from '../received/partner-places';
import type { ReceivedCdrs } from '../received/received-cdrs';
import type { ReceivedSessions } from '../received/received-sessions';
import { isReadable, type ReceivedTokens } from '../received/received-tokens';
import { BEGINNING, type PullBook } from './pull-book';

type Owned = { country_code: string; party_id: string; last_updated: string };
type PulledModule = (typeof pulledBy)[Role][number] | 'hubclientinfo';
/** What is stored object by object. */
type EventfulModule = 'sessions' | 'cdrs' | 'payments/terminals' | 'payments/financial-advice-confirmations';

export interface PullParts {
  role: Role;
  book: PullBook;
  partners: PartnerView;
  client: PartnerClient;
  vault: TokenVault;
  tokens: ReceivedTokens;
  places: PartnerPlaces;
  sessions: Pick<ReceivedSessions, 'put'>;
  cdrs: Pick<ReceivedCdrs, 'take'>;
  clients: Pick<HubClients, 'forget'>;
  clientDesk: Pick<ClientDesk, 'take'>;
  payments: Pick<PaymentDesk, 'takeTerminal' | 'takeConfirmation'>;
  lease: Lease;
  log: Log;
  metrics: Metrics;
}

interface Schedule {
  nextAtMs: number;
  failures: number;
}

/** `next` is the address of the one after it. */
interface Page {
  keep: () => Promise<unknown>;
  next: string | undefined;
}

const LOOK_EVERY_MS = 500;
const PAGE_SIZE = 500;
/** A list that never ends is a fault of the partner, not a reason to crawl for ever. */
const MOST_PAGES = 10_000;
/** Changes that the partner's clock or cache put a little late are met again. */
const OVERLAP_MS = 5 * 60_000;
const FIRST_RETRY_MS = 2_000;

export class Puller {
  private readonly schedules = new Map<string, Schedule>();
  /** By partner: a long list of one does not keep the others waiting. */
  private readonly crawls = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = true;

  constructor(
    private readonly parts: PullParts,
    private readonly everyMs: number,
  ) {}

  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
    await Promise.all(this.crawls.values());
  }

  private async look(): Promise<void> {
    try {
      if (!(await this.parts.lease.hold())) return;
      for (const partner of await this.parts.partners.registered()) {
        const { partnerId } = partner;
        if (this.crawls.has(partnerId)) continue;
        const crawl = this.pullAll(partner)
          .catch((error: unknown) => this.parts.log.warn({ error, partner: partner.name }, 'who is behind a hub could not be looked up'))
          .finally(() => this.crawls.delete(partnerId));
        this.crawls.set(partnerId, crawl);
      }
    } catch (error) {
      this.parts.log.warn({ error }, 'partners to pull from could not be looked up');
    }
  }

  /** A hub says first who is behind it: what its other lists hold is theirs. */
  private async pullAll(partner: RegisteredPartner): Promise<void> {
    if (hubOf(partner.registration) !== undefined) await this.pullDue(partner, ['hubclientinfo']);
    const informed = hubOf(partner.registration) === undefined ? partner : await this.parts.partners.one(partner.partnerId);
    if (informed && isRegistered(informed)) await this.pullDue(informed, pulledBy[this.parts.role]);
  }

  private async pullDue(partner: RegisteredPartner, modules: readonly PulledModule[]): Promise<void> {
    for (const module of modules) {
      const key = [partner.partnerId, partner.registeredAt, module].join('/');
      const schedule = this.schedules.get(key) ?? { nextAtMs: 0, failures: 0 };
      this.schedules.set(key, schedule);
      if (this.stopped || Date.now() < schedule.nextAtMs) continue;
      try {
        await this.crawl(partner, module);
        schedule.failures = 0;
        schedule.nextAtMs = Date.now() + this.everyMs;
      } catch (error) {
        schedule.nextAtMs = Date.now() + Math.min(FIRST_RETRY_MS * 2 ** Math.min(schedule.failures++, 20), this.everyMs);
        this.parts.metrics.count('evenkeel_pull_failures_total', 'Crawls of a partner that failed and are tried again', { module });
        this.parts.log.warn({ error, partner: partner.name, module }, 'a pull failed; it will be tried again');
      }
    }
  }

  private async crawl(partner: RegisteredPartner, module: PulledModule): Promise<void> {
    const endpoint = this.addressOf(partner, module);
    if (endpoint === undefined) return;
    // The end is frozen: objects that change during the crawl would otherwise move between its pages.
    const until = new Date().toISOString();
    // The parties behind a hub are few: their list is read whole, so that whoever is not in it any more is gone.
    const isWhole = module === 'hubclientinfo';
    const since = isWhole ? undefined : await this.parts.book.completeUntil(partner, module);
    const first = new URL(endpoint);
    // Of sessions the beginning must be named (OCPI 2.2.1 mod_sessions, Sender GET).
    const from = new Date(Math.max(Date.parse(BEGINNING), Date.parse(since ?? BEGINNING) - OVERLAP_MS)).toISOString();
    if (from !== BEGINNING || module === 'sessions') first.searchParams.set('date_from', from);
    if (!isWhole) first.searchParams.set('date_to', until);
    first.searchParams.set('limit', String(PAGE_SIZE));
    let page: Page | undefined = await this.fetchPage(partner, module, first.href);
    for (let pages = 1; page !== undefined; pages++) {
      const { keep, next }: Page = page;
      if (next !== undefined && (pages === MOST_PAGES || this.stopped))
        throw new OcpiProblem(200, 3000, `the crawl of ${module} ended before its last page`);
      // The next one is on its way while this one is kept.
      [page] = await Promise.all([next === undefined ? undefined : this.fetchPage(partner, module, next), keep()]);
    }
    if (isWhole) await this.parts.clients.forget(partner.partnerId, until);
    else await this.parts.book.remember(partner, module, since, until);
  }

  private async fetchPage(partner: RegisteredPartner, module: PulledModule, url: string): Promise<Page> {
    const token = this.parts.vault.open(partner.registration.theirToken);
    // Of everybody behind a hub at once (OCPI 2.2.1 transport_and_format, GET All via Hubs); who is behind it is asked of the hub alone.
    const to = module === 'hubclientinfo' ? undefined : this.addresseeOf(partner, module);
    const exchange = await this.parts.client.send({
      partnerId: partner.partnerId,
      method: 'GET',
      url,
      token,
      peer: partner.registration,
      ...(to === undefined ? {} : { to }),
    });
    if (exchange.kind === 'unreachable') throw OcpiProblem.failed(exchange.reason);
    if (exchange.outcome.kind !== 'acknowledged') throw OcpiProblem.failed(`${module}: ${inWords(exchange.outcome)}`);
    const items = Array.isArray(exchange.outcome.data) ? exchange.outcome.data : [];
    const { link } = exchange.headers;
    return { keep: this.keeperOf(partner, module, items), next: nextPage(Array.isArray(link) ? link.join(', ') : link, url) };
  }

  /** Where it has the list; of payments, where it is a provider that speaks of them. */
  private addressOf(partner: RegisteredPartner, list: PulledModule): string | undefined {
    if (isOfPayments(list) && !providerIn(partner)) return undefined;
    const [module, path] = list.split('/') as [DataModule, string?];
    const endpoint = partnerEndpoint(partner.registration.endpoints, this.parts.role, module);
    return endpoint === undefined || path === undefined ? endpoint : `${endpoint}/${path}`;
  }

  private addresseeOf(partner: RegisteredPartner, list: PulledModule): PartyKey | undefined {
    return isOfPayments(list) ? providerIn(partner)?.party : addresseeOf(partner.registration, otherRole(this.parts.role));
  }

  /** Its party in the role that we pull from; the owner of all objects where the version names none. */
  private ownerOf({ registration }: RegisteredPartner): PartyKey | undefined {
    return partyIn(registration, otherRole(this.parts.role));
  }

  /** Reads the objects of a page. @returns what keeps them. */
  private keeperOf(partner: RegisteredPartner, module: PulledModule, items: readonly unknown[]): () => Promise<unknown> {
    const version = ocpiVersions[partner.registration.version];
    switch (module) {
      case 'tokens': {
        const tokens = this.readable(version.token, partner, module, items);
        return () => this.parts.tokens.keep(tokens);
      }
      case 'locations': {
        const locations = this.readable(version.location, partner, module, items);
        return () => this.parts.places.keepLocations(partner.partnerId, locations);
      }
      case 'tariffs': {
        const tariffs = this.readable(version.tariff, partner, module, items);
        return () => this.parts.places.keepTariffs(partner.partnerId, tariffs);
      }
      case 'hubclientinfo': {
        const clients = version.clientInfo ? this.readable(version.clientInfo, partner, module, items) : [];
        return () => this.parts.clientDesk.take(partner, clients);
      }
      default:
        return () => this.takeEach(partner, module, items, (item) => this.take(partner, module, item));
    }
  }

  private take(partner: RegisteredPartner, module: EventfulModule, item: unknown): Promise<unknown> {
    const version = ocpiVersions[partner.registration.version];
    switch (module) {
      case 'sessions':
        return this.parts.sessions.put(partner.partnerId, version, this.ownerIn(item, partner), item);
      case 'cdrs':
        return this.parts.cdrs.take(partner.partnerId, version, this.ownerIn(item, partner), item);
      case 'payments/terminals':
        return this.parts.payments.takeTerminal(partner, item);
      case 'payments/financial-advice-confirmations':
        return this.parts.payments.takeConfirmation(partner, item);
    }
  }

  /** What is stored object by object, as if it had been pushed. */
  private async takeEach(
    partner: RegisteredPartner,
    module: PulledModule,
    items: readonly unknown[],
    take: (item: unknown) => Promise<unknown>,
  ): Promise<void> {
    for (const item of items) {
      try {
        await take(item);
      } catch (error) {
        if (!(error instanceof OcpiProblem) || error.statusCode >= 3000) throw error;
        this.skipped(partner, module, error.message);
      }
    }
  }

  /** @throws OcpiProblem 2001 for an owner that is no party of the partner. */
  private ownerIn(item: unknown, partner: RegisteredPartner): PartyKey {
    const { country_code, party_id } = (item ?? {}) as { country_code?: unknown; party_id?: unknown };
    const named =
      country_code === undefined && party_id === undefined ? this.ownerOf(partner) : partyKey(String(country_code), String(party_id));
    if (named === undefined || !this.isTheirs(partner, named)) throw OcpiProblem.invalid(`${named} is not a party of the partner`);
    return named;
  }

  private isTheirs({ registration }: RegisteredPartner, owner: PartyKey): boolean {
    return registration.roles.some(({ party, role }) => party === owner && role === otherRole(this.parts.role));
  }

  private skipped(partner: RegisteredPartner, module: PulledModule, reason: string | undefined): void {
    this.parts.metrics.count('evenkeel_pull_skipped_total', 'Objects of a partner that were not taken', { module });
    this.parts.log.warn({ partner: partner.name, module, reason }, 'a pulled object was not taken');
  }

  /** One object that cannot be read, or that is not the partner's to send, does not cost us the others. */
  private readable<T extends Owned>(
    object: VersionObject<T>,
    partner: RegisteredPartner,
    module: PulledModule,
    items: readonly unknown[],
  ): T[] {
    const owner = this.ownerOf(partner) ?? '';
    return items.flatMap((item) => {
      const read = object.read(item, { owner });
      const reason = read.ok ? this.reasonNotToTake(partner, module, read.value) : read.reason;
      if (read.ok && reason === undefined) return [read.value];
      this.skipped(partner, module, reason);
      return [];
    });
  }

  private reasonNotToTake(partner: RegisteredPartner, module: PulledModule, object: Owned): string | undefined {
    if (readDateTime(object.last_updated) === undefined) return `last_updated ${object.last_updated} is no date`;
    if (module === 'hubclientinfo') return undefined;
    const owner = partyKey(object.country_code, object.party_id);
    if (!this.isTheirs(partner, owner)) return `${owner} is not a party of the partner`;
    return module === 'tokens' && !isReadable(object as WireToken) ? 'the token does not fit the registry' : undefined;
  }
}

function isOfPayments(list: PulledModule): boolean {
  return list.startsWith('payments/');
}
