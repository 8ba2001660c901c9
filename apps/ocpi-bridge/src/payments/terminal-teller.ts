// What operators have a payment terminal provider told about its terminals (OCPI 2.3.0 with mod_payments, Sender): each is one request, and done
// once the provider has acknowledged it. The provider owns the terminals: what it makes of a request comes back by its push, or by a pull.
import { type PartyKey, Problem, type Reply, type Request } from '@evenkeel/contracts';
import { canonical } from '@evenkeel/ocpi';
import type { Log } from '@evenkeel/service';
import { inWords, type PartnerClient, type PartnerRequest } from '../client/partner-client';
import type { Published } from '../delivery/published';
import { partnerEndpoint } from '../interfaces';
import type { PartnerView, RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { Platform } from '../platform';
import { providerIn, type SpeakingProvider } from './payment-desk';
import { type DatedTerminal, type PaymentObjects, terminalRow } from './payment-objects';

interface Addressee {
  partner: RegisteredPartner;
  provider: SpeakingProvider;
  terminalsUrl: string;
}

export interface TerminalTellerParts {
  readonly platform: Pick<Platform, 'party'>;
  readonly partners: Pick<PartnerView, 'partnerOf'>;
  readonly published: Pick<Published, 'location'>;
  readonly objects: PaymentObjects;
  readonly client: Pick<PartnerClient, 'send'>;
  readonly vault: Pick<TokenVault, 'open'>;
  readonly log: Log;
}

export class TerminalTeller {
  constructor(private readonly parts: TerminalTellerParts) {}

  /** @throws Problem, as all of these, for what cannot be asked of the provider and for what it refuses. */
  async activate({ actor, partner, activation }: Request<'activatePaymentTerminal'>): Promise<Reply<'activatePaymentTerminal'>> {
    const addressee = await this.addressee(partner);
    const { terminalId, reference, locationIds, evseUids } = activation;
    await this.checkOurs(locationIds);
    const said = addressee.provider.payments.terminal.write({
      ...{ terminal_id: terminalId, last_updated: now() },
      ...(reference === undefined ? {} : { reference }),
      ...(locationIds === undefined ? {} : { location_ids: locationIds }),
      ...(evseUids === undefined ? {} : { evse_uids: evseUids }),
    });
    if (!said.ok) throw new Problem('invalid', said.reason);
    await this.tell(addressee, actor.operator, 'POST', 'activate', said.wire);
    return { partner, terminalId, toldAt: now() };
  }

  async deactivate({ actor, partner, terminalId }: Request<'deactivatePaymentTerminal'>): Promise<Reply<'deactivatePaymentTerminal'>> {
    await this.tell(await this.addressee(partner), actor.operator, 'POST', `${encodeURIComponent(terminalId)}/deactivate`);
    return { partner, terminalId, toldAt: now() };
  }

  async place({ actor, partner, terminalId, places }: Request<'placePaymentTerminal'>): Promise<Reply<'placePaymentTerminal'>> {
    const addressee = await this.addressee(partner);
    const known = await this.parts.objects.one('terminal', partner, terminalId);
    if (!known) throw new Problem('not-found', `${partner} has told us of no terminal ${terminalId}`);
    await this.checkOurs(places.locationIds);
    const patch = { location_ids: places.locationIds, evse_uids: places.evseUids, last_updated: now() };
    await this.tell(addressee, actor.operator, 'PATCH', encodeURIComponent(known.terminal_id), patch);
    return this.kept(addressee, { ...known, ...patch });
  }

  /** A PUT says the whole terminal: what its provider has made of it since we heard of it last must not be undone by it. */
  async change({ actor, partner, terminalId, change }: Request<'changePaymentTerminal'>): Promise<Reply<'changePaymentTerminal'>> {
    const addressee = await this.addressee(partner);
    const { terminal } = addressee.provider.payments;
    const path = encodeURIComponent(terminalId);
    const newest = terminal.read(await this.tell(addressee, actor.operator, 'GET', path), { owner: partner });
    if (!newest.ok) throw new Problem('unavailable', `${partner} answered what we cannot read: ${newest.reason}`);
    const { customerReference, invoiceBaseUrl } = change;
    const changed = {
      ...newest.value,
      ...(customerReference === undefined ? {} : { customer_reference: customerReference }),
      ...(invoiceBaseUrl === undefined ? {} : { invoice_base_url: invoiceBaseUrl }),
      last_updated: now(),
    };
    await this.tell(addressee, actor.operator, 'PUT', path, terminal.show(changed));
    return this.kept(addressee, changed);
  }

  private async addressee(party: PartyKey): Promise<Addressee> {
    const partner = await this.parts.partners.partnerOf(party, 'PTP');
    if (!partner) throw new Problem('not-found', `${party} is no payment terminal provider that we know`);
    const provider = providerIn(partner);
    const endpoint = partnerEndpoint(partner.registration.endpoints, 'CPO', 'payments');
    if (provider?.party !== party || endpoint === undefined) throw new Problem('not-supported', `${party} has no module payments`);
    return { partner, provider, terminalsUrl: `${endpoint}/terminals` };
  }

  /** @returns the data of the answer to one request. */
  private async tell(
    { partner: { partnerId, registration }, provider: { party }, terminalsUrl }: Addressee,
    operator: string,
    method: PartnerRequest['method'],
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const exchange = await this.parts.client.send({
      ...{ partnerId, urgent: true, method, url: `${terminalsUrl}/${path}`, to: party },
      ...{ token: this.parts.vault.open(registration.theirToken), peer: registration },
      ...(body === undefined ? {} : { body }),
    });
    if (exchange.kind === 'unreachable') throw new Problem('unavailable', `${party} does not answer: ${exchange.reason}`);
    const { outcome, httpStatus } = exchange;
    if (outcome.kind === 'refused') throw new Problem(httpStatus === 404 ? 'not-found' : 'conflict', `${party} ${inWords(outcome)}`);
    if (outcome.kind !== 'acknowledged') throw new Problem('unavailable', `${party}: ${inWords(outcome)}`);
    if (method !== 'GET') this.parts.log.info({ operator, party, method, path }, 'a provider was told something about a terminal');
    return outcome.data;
  }

  /** @throws Problem `not-found`: a provider would look for it at us. */
  private async checkOurs(locationIds: readonly string[] = []): Promise<void> {
    for (const locationId of locationIds) {
      const location = await this.parts.published.location(this.parts.platform.party, locationId);
      if (!location) throw new Problem('not-found', `there is no location ${locationId}`);
    }
  }

  /** What the provider has acknowledged is what we know of it, until it says otherwise. */
  private async kept({ provider }: Addressee, terminal: DatedTerminal): Promise<Reply<'changePaymentTerminal'>> {
    await this.parts.objects.keep(terminalRow(provider, terminal, terminal.last_updated));
    return { partner: provider.party, ...canonical.terminal.read(terminal) };
  }
}

function now(): string {
  return new Date().toISOString();
}
