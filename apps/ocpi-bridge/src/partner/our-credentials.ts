// What we change at a partner by ourselves: new credentials, perhaps in a newer version, and the end of the registration (OCPI 2.2.1
// mod_credentials, PUT and DELETE). A crash between any two steps leaves both sides able to go on: the operator asks once more.
//
// A rotation: the next token is stored and opens our doors; the partner gets it, calls us with it, and answers with its own new one; that is
// stored, and the token before dies with the first use of the next. Repeated, it goes on with the token that the partner may have got. Whether
// the partner still takes its own old token when its answer was lost is up to the partner; one that does not must be introduced again.
import { randomUUID } from 'node:crypto';
import { Problem } from '@evenkeel/contracts';
import { endpointOf, OcpiProblem, statusCodes } from '@evenkeel/ocpi';
import type { Exchange, PartnerClient } from '../client/partner-client';
import { AddressBlocks } from '../http/client-address';
import type { Platform } from '../platform';
import { DEADLINE_MS, type Discovery } from './discovery';
import type { PartnerCommand, PartnerRejection, PartnerState, Registration } from './partner';
import type { PartnerBook } from './partner-book';
import { isRegistered, type PartnerView, type RegisteredPartner } from './partner-view';
import type { TokenVault } from './token-vault';

const inWords: Readonly<Record<PartnerRejection, string>> = {
  'already-registered': 'the partner is registered already',
  'not-registered': 'the partner is not registered',
  'not-begun': 'another rotation has been answered meanwhile',
  'not-introduced': 'there is no such partner',
};

export class OurCredentials {
  constructor(
    private readonly platform: Platform,
    private readonly book: PartnerBook,
    private readonly view: PartnerView,
    private readonly vault: TokenVault,
    private readonly client: PartnerClient,
    private readonly discovery: Discovery,
  ) {}

  /** @throws Problem `conflict` for a partner that is not registered, `unavailable` with what the partner said. */
  async rotate(partnerId: string, operator: string): Promise<PartnerState> {
    const { registration } = await this.registered(partnerId);
    const begin = { kind: 'begin-rotation', token: this.vault.seal(this.vault.newToken()), at: new Date().toISOString() } as const;
    const { nextToken } = await this.decide(partnerId, begin, operator);
    if (!nextToken) throw new Problem('conflict', inWords['not-begun']);
    try {
      const answered = await this.offer(partnerId, registration, this.vault.open(nextToken));
      return await this.decide(partnerId, { kind: 'confirm', registration: answered }, operator);
    } catch (error) {
      if (error instanceof OcpiProblem) throw new Problem('unavailable', error.message);
      throw error;
    }
  }

  /** At the partner first: what the partner does not know yet can be said again. @throws Problem as `rotate` does. */
  async unregister(partnerId: string, force: boolean, operator: string): Promise<PartnerState> {
    const { registration } = await this.registered(partnerId);
    const url = endpointOf(registration.endpoints, 'credentials');
    if (url !== undefined) {
      const token = this.vault.open(registration.theirToken);
      const exchange = await this.client.send({ partnerId, method: 'DELETE', url, token, peer: registration, urgent: true });
      const reason = reasonItStays(exchange);
      if (reason !== undefined && !force) throw new Problem('unavailable', `the partner has not unregistered us: ${reason}`);
    }
    return this.decide(partnerId, { kind: 'unregister', at: new Date().toISOString() }, operator);
  }

  /** From where the partner may call; from everywhere where no block is named. @throws Problem `invalid`, `not-found` */
  async allowAddresses(partnerId: string, blocks: readonly string[], operator: string): Promise<PartnerState> {
    try {
      void new AddressBlocks(blocks);
    } catch (error) {
      if (error instanceof RangeError) throw new Problem('invalid', error.message);
      throw error;
    }
    const handled = await this.book.decide(partnerId, { kind: 'allow-addresses', blocks: [...blocks] }, { cause: randomUUID(), operator });
    if (!handled.accepted) throw new Problem('not-found', inWords[handled.rejection]);
    return handled.state;
  }

  /** Puts our credentials in the newest version that both speak, and no older one than before. @throws OcpiProblem */
  private async offer(partnerId: string, registration: Registration, nextToken: string): Promise<Registration> {
    const { versions } = this.platform;
    const agreed = versions.indexOf(registration.version);
    const among = agreed === -1 ? versions : versions.slice(0, agreed + 1);
    const token = this.vault.open(registration.theirToken);
    const discovered = await this.discovery.discover(partnerId, registration.versionsUrl, token, among);
    const url = endpointOf(discovered.endpoints, 'credentials');
    if (url === undefined) throw OcpiProblem.failed('the partner has no credentials endpoint', statusCodes.noMutualEndpoints);
    const { version, rawToken } = discovered;
    const answer = await this.discovery.ask({
      ...{ partnerId, method: 'PUT', url, token, rawToken },
      body: this.discovery.credentialsWith(nextToken, version),
      // The partner calls us back twice before it answers.
      deadlineMs: 3 * DEADLINE_MS,
    });
    return this.discovery.registrationOf(partnerId, this.discovery.readAnswer(version, answer), discovered, nextToken);
  }

  /** @throws Problem `not-found`, `conflict` for a partner that is not registered. */
  async registered(partnerId: string): Promise<RegisteredPartner> {
    const partner = await this.view.one(partnerId);
    if (!partner || partner.status === 'unknown') throw new Problem('not-found', inWords['not-introduced']);
    if (!isRegistered(partner)) throw new Problem('conflict', inWords['not-registered']);
    return partner;
  }

  private async decide(partnerId: string, command: PartnerCommand, operator: string): Promise<PartnerState> {
    const handled = await this.book.decide(partnerId, command, { cause: randomUUID(), operator });
    if (!handled.accepted) throw new Problem('conflict', inWords[handled.rejection]);
    return handled.state;
  }
}

/** A partner that knows neither our token nor a registration of ours has done it already (OCPI 2.2.1 mod_credentials, DELETE: 405). */
function reasonItStays(exchange: Exchange): string | undefined {
  if (exchange.kind === 'unreachable') return exchange.reason;
  const { outcome, httpStatus } = exchange;
  if (outcome.kind === 'acknowledged' || outcome.kind === 'unauthorized' || httpStatus === 404 || httpStatus === 405) return undefined;
  return outcome.kind === 'refused' ? `refused with ${outcome.statusCode} ${outcome.message}` : outcome.reason;
}
