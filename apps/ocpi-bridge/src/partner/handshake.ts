// The credentials handshake (OCPI 2.2.1 mod_credentials). One side invites (token A goes out of band), the other accepts: it reads our
// versions with token A and posts its credentials with token B; while that request waits, we read its versions with token B, and answer
// with token C. What we change later by ourselves is in `our-credentials.ts`.
import { randomUUID } from 'node:crypto';
import { idOf, Problem } from '@evenkeel/contracts';
import { endpointOf, OcpiProblem, type OcpiVersion, statusCodes } from '@evenkeel/ocpi';
import type { Platform } from '../platform';
import { DEADLINE_MS, type Discovery } from './discovery';
import type { PartnerCommand, PartnerState, Registration } from './partner';
import type { PartnerBook } from './partner-book';
import type { Caller } from './partner-view';
import type { TokenVault } from './token-vault';

export interface Introduction {
  name: string;
  operator: string;
}

export class Handshake {
  constructor(
    private readonly platform: Platform,
    private readonly book: PartnerBook,
    private readonly vault: TokenVault,
    private readonly discovery: Discovery,
  ) {}

  get versionsUrl(): string {
    return this.discovery.versionsUrl;
  }

  /** @returns the partner and token A, which is shown to the operator this once. */
  async invite({ name, operator }: Introduction): Promise<{ partner: PartnerState; tokenA: string }> {
    const partnerId = partnerIdOf(name);
    const tokenA = this.vault.newToken();
    const partner = await this.decide(partnerId, { kind: 'invite', partnerId, name, tokenA: this.vault.seal(tokenA) }, operator);
    return { partner, tokenA };
  }

  /** Performs the whole handshake at the partner who invited us. @throws Problem with what went wrong, in words. */
  async accept({ name, operator }: Introduction, versionsUrl: string, tokenA: string): Promise<PartnerState> {
    const partnerId = partnerIdOf(name);
    try {
      const discovered = await this.discovery.discover(partnerId, versionsUrl, tokenA, this.platform.versions);
      const credentialsUrl = endpointOf(discovered.endpoints, 'credentials');
      if (credentialsUrl === undefined) throw OcpiProblem.failed('the partner has no credentials endpoint', statusCodes.noMutualEndpoints);
      const tokenB = this.vault.newToken();
      await this.decide(partnerId, { kind: 'begin', partnerId, name, versionsUrl, tokenB: this.vault.seal(tokenB) }, operator);
      const { version, rawToken } = discovered;
      const answer = await this.discovery.ask({
        partnerId,
        method: 'POST',
        url: credentialsUrl,
        token: tokenA,
        rawToken,
        body: this.discovery.credentialsWith(tokenB, version),
        // The partner calls us back twice before it answers.
        deadlineMs: 3 * DEADLINE_MS,
      });
      const credentials = this.discovery.readAnswer(version, answer);
      const registration = await this.discovery.registrationOf(partnerId, credentials, discovered, tokenB);
      return await this.decide(partnerId, { kind: 'register', partnerId, name, registration }, operator);
    } catch (error) {
      if (error instanceof OcpiProblem) throw new Problem('unavailable', error.message);
      throw error;
    }
  }

  /** A partner that we invited posts its credentials. @throws OcpiProblem 405 when it is registered already, 3001..3003 or 2001. */
  async register({ partner, handshakeOnly }: Caller, version: OcpiVersion, posted: unknown): Promise<unknown> {
    if (!handshakeOnly || partner.status !== 'invited') throw OcpiProblem.notAllowed('already registered: use PUT to update');
    const { partnerId, name } = partner;
    return this.agree(partnerId, version, posted, (registration) => ({ kind: 'register', partnerId, name, registration }));
  }

  /** A registered partner gives us a new token, version or roles, and gets a new token (OCPI 2.2.1 mod_credentials, PUT). */
  async rotate({ partner, handshakeOnly }: Caller, version: OcpiVersion, posted: unknown): Promise<unknown> {
    if (handshakeOnly) throw OcpiProblem.notAllowed('not registered yet: use POST');
    return this.agree(partner.partnerId, version, posted, (registration) => ({ kind: 'rotate', registration }));
  }

  async unregister({ partner, handshakeOnly }: Caller): Promise<void> {
    if (handshakeOnly) throw OcpiProblem.notAllowed('not registered');
    const at = new Date().toISOString();
    await this.book.decide(partner.partnerId, { kind: 'unregister', at }, { cause: randomUUID() });
  }

  /** Our credentials with the token that the partner holds. */
  credentialsFor(caller: Caller, version: OcpiVersion): unknown {
    const { registration, handshakeToken, previousToken, nextToken } = caller.partner;
    const held = [registration?.ourToken, previousToken, nextToken, handshakeToken].find((token) => token?.hash === caller.hash);
    if (!held) throw OcpiProblem.unauthorized();
    return this.discovery.credentialsWith(this.vault.open(held), version);
  }

  /** The previous token dies with the first use of its successor, so that a lost answer locks nobody out. */
  async used({ partner, hash }: Caller): Promise<void> {
    if (partner.previousToken === undefined || partner.registration?.ourToken.hash !== hash) return;
    await this.book.decide(partner.partnerId, { kind: 'use', hash }, { cause: idOf('used', hash) });
  }

  /** The version is the one of the address that the partner has posted to: it has chosen (OCPI 2.2.1 mod_credentials). */
  private async agree(
    partnerId: string,
    version: OcpiVersion,
    posted: unknown,
    commandOf: (registration: Registration) => PartnerCommand,
  ): Promise<unknown> {
    const credentials = this.discovery.read(version, posted);
    const discovered = await this.discovery
      .discover(partnerId, credentials.url, credentials.token, [version.number])
      .catch((error: unknown) => {
        throw asUnableToUse(error);
      });
    const tokenC = this.vault.newToken();
    const registration = await this.discovery.registrationOf(partnerId, credentials, discovered, tokenC);
    const handled = await this.book.decide(partnerId, commandOf(registration), { cause: randomUUID() });
    if (!handled.accepted) throw OcpiProblem.notAllowed(handled.rejection);
    return this.discovery.credentialsWith(tokenC, version);
  }

  private async decide(partnerId: string, command: PartnerCommand, operator: string): Promise<PartnerState> {
    const handled = await this.book.decide(partnerId, command, { cause: randomUUID(), operator });
    if (!handled.accepted) throw new Problem('conflict', 'the partner is registered already');
    return handled.state;
  }
}

/** The operator's name for a partner is its identity here: an introduction that failed half-way is repeated under the same name. */
function partnerIdOf(name: string): string {
  return idOf('partner', name.trim().toLowerCase());
}

/** What we could not fetch from a partner is, to that partner, "unable to use the client's API" (OCPI 2.2.1 status_codes, 3001). */
function asUnableToUse(error: unknown): unknown {
  if (!(error instanceof OcpiProblem) || error.statusCode >= 3000) return error;
  return OcpiProblem.failed(error.message, statusCodes.unableToUsePartnersApi);
}
