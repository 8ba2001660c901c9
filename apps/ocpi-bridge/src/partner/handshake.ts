// The credentials handshake (OCPI 2.2.1 mod_credentials). One side invites (token A goes out of band), the other accepts: it reads our
// versions with token A and posts its credentials with token B; while that request waits, we read its versions with token B, and answer
// with token C.
import { randomUUID } from 'node:crypto';
import { idOf, Problem } from '@evenkeel/contracts';
import {
  type Credentials,
  type Endpoint,
  endpointOf,
  instantOf,
  OcpiProblem,
  type PlatformRole,
  readWire,
  statusCodes,
  VersionDetails,
  VersionList,
  v221,
} from '@evenkeel/ocpi';
import type { Static, TSchema } from '@sinclair/typebox';
import type { PartnerClient, PartnerRequest } from '../client/partner-client';
import type { UrlGuard } from '../client/url-guard';
import { hasMutualModule } from '../interfaces';
import type { Platform } from '../platform';
import type { PartnerCommand, PartnerState, Registration } from './partner';
import type { PartnerBook } from './partner-book';
import type { Caller, PartnerView } from './partner-view';
import type { TokenVault } from './token-vault';

export interface Introduction {
  name: string;
  operator: string;
}

interface Discovered {
  versionsUrl: string;
  endpoints: Endpoint[];
}

/** Shorter than the deadline of the operator's request, which waits for four of these. */
const DEADLINE_MS = 6_000;

export class Handshake {
  constructor(
    private readonly platform: Platform,
    private readonly book: PartnerBook,
    private readonly view: PartnerView,
    private readonly vault: TokenVault,
    private readonly client: PartnerClient,
    private readonly guard: UrlGuard,
  ) {}

  get versionsUrl(): string {
    return `${this.platform.publicUrl}/versions`;
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
      const discovered = await this.discover(versionsUrl, tokenA);
      const credentialsUrl = endpointOf(discovered.endpoints, 'credentials');
      if (credentialsUrl === undefined) throw OcpiProblem.failed('the partner has no credentials endpoint', statusCodes.noMutualEndpoints);
      const tokenB = this.vault.newToken();
      await this.decide(partnerId, { kind: 'begin', partnerId, name, versionsUrl, tokenB: this.vault.seal(tokenB) }, operator);
      const answer = await this.ask(v221.credentials.schema, {
        method: 'POST',
        url: credentialsUrl,
        token: tokenA,
        body: this.credentialsWith(tokenB),
        // The partner calls us back twice before it answers.
        deadlineMs: 3 * DEADLINE_MS,
      });
      const registration = await this.registrationOf(partnerId, answer, discovered.endpoints, tokenB);
      return await this.decide(partnerId, { kind: 'register', partnerId, name, registration }, operator);
    } catch (error) {
      if (error instanceof OcpiProblem) throw new Problem('unavailable', error.message);
      throw error;
    }
  }

  /** A partner that we invited posts its credentials. @throws OcpiProblem 405 when it is registered already, 3001..3003 or 2001. */
  async register({ partner, handshakeOnly }: Caller, posted: unknown): Promise<Credentials> {
    if (!handshakeOnly || partner.status !== 'invited') throw OcpiProblem.notAllowed('already registered: use PUT to update');
    const { partnerId, name } = partner;
    return this.agree(partnerId, posted, (registration) => ({ kind: 'register', partnerId, name, registration }));
  }

  /** A registered partner gives us a new token, version or roles, and gets a new token (OCPI 2.2.1 mod_credentials, PUT). */
  async rotate({ partner, handshakeOnly }: Caller, posted: unknown): Promise<Credentials> {
    if (handshakeOnly) throw OcpiProblem.notAllowed('not registered yet: use POST');
    return this.agree(partner.partnerId, posted, (registration) => ({ kind: 'rotate', registration }));
  }

  async unregister({ partner, handshakeOnly }: Caller): Promise<void> {
    if (handshakeOnly) throw OcpiProblem.notAllowed('not registered');
    const at = new Date().toISOString();
    await this.book.decide(partner.partnerId, { kind: 'unregister', at }, { cause: randomUUID() });
  }

  /** Our credentials with the token that the partner holds. */
  credentialsFor(caller: Caller): Credentials {
    const { registration, handshakeToken, previousToken } = caller.partner;
    const held = [registration?.ourToken, previousToken, handshakeToken].find((token) => token?.hash === caller.hash);
    if (!held) throw OcpiProblem.unauthorized();
    return this.credentialsWith(this.vault.open(held));
  }

  /** The previous token dies with the first use of its successor, so that a lost answer locks nobody out. */
  async used({ partner, hash }: Caller): Promise<void> {
    if (partner.previousToken === undefined || partner.registration?.ourToken.hash !== hash) return;
    await this.book.decide(partner.partnerId, { kind: 'use', hash }, { cause: idOf('used', hash) });
  }

  private async agree(partnerId: string, posted: unknown, commandOf: (registration: Registration) => PartnerCommand): Promise<Credentials> {
    const read = readWire(v221.credentials.schema, posted);
    if (!read.ok) throw OcpiProblem.invalid(read.reason);
    const discovered = await this.discover(read.value.url, read.value.token).catch((error: unknown) => {
      throw asUnableToUse(error);
    });
    const tokenC = this.vault.newToken();
    const registration = await this.registrationOf(partnerId, read.value, discovered.endpoints, tokenC);
    const handled = await this.book.decide(partnerId, commandOf(registration), { cause: randomUUID() });
    if (!handled.accepted) throw OcpiProblem.notAllowed(handled.rejection);
    return this.credentialsWith(tokenC);
  }

  private credentialsWith(token: string): Credentials {
    const { role, party, name } = this.platform;
    return v221.credentials.write(token, this.versionsUrl, [{ role, party, name }]);
  }

  private async registrationOf(
    partnerId: string,
    credentials: Credentials,
    endpoints: Endpoint[],
    ourToken: string,
  ): Promise<Registration> {
    const roles = v221.credentials.rolesOf(credentials);
    await this.checkRoles(partnerId, roles);
    this.guard.check(credentials.url);
    return {
      version: v221.version,
      versionsUrl: credentials.url,
      roles,
      endpoints,
      theirToken: this.vault.seal(credentials.token),
      ourToken: this.vault.seal(ourToken),
      at: instantOf(new Date().toISOString()),
    };
  }

  /** A party is reached through one platform: two that claim it would make every delivery a guess. */
  private async checkRoles(partnerId: string, roles: readonly PlatformRole[]): Promise<void> {
    for (const { party, role } of roles) {
      if (party === this.platform.party) throw OcpiProblem.invalid(`${party} is our own party`);
      const other = await this.view.partnerOf(party, role);
      if (other && other.partnerId !== partnerId) throw OcpiProblem.invalid(`${party} is registered through another platform as ${role}`);
    }
  }

  /** Versions, then the details of ours. Every address in them is checked before it is kept. */
  private async discover(versionsUrl: string, token: string): Promise<Discovered> {
    const versions = await this.ask(VersionList, { method: 'GET', url: versionsUrl, token });
    const detailsUrl = versions.find(({ version }) => version === v221.version)?.url;
    if (detailsUrl === undefined) throw OcpiProblem.failed(`no common version: we speak ${v221.version}`, statusCodes.unsupportedVersion);
    const { endpoints } = await this.ask(VersionDetails, { method: 'GET', url: detailsUrl, token });
    for (const { url } of endpoints) this.guard.check(url);
    if (!hasMutualModule(endpoints, this.platform.role)) {
      throw OcpiProblem.failed(`no module in common with our role ${this.platform.role}`, statusCodes.noMutualEndpoints);
    }
    return { versionsUrl, endpoints };
  }

  private async ask<S extends TSchema>(schema: S, request: PartnerRequest): Promise<Static<S>> {
    const exchange = await this.client.send({ deadlineMs: DEADLINE_MS, ...request });
    const what = `${request.method} ${request.url}`;
    if (exchange.kind === 'unreachable') throw OcpiProblem.failed(`${what}: ${exchange.reason}`, statusCodes.unableToUsePartnersApi);
    const { outcome, httpStatus } = exchange;
    if (outcome.kind !== 'acknowledged') {
      const why =
        outcome.kind === 'refused' ? `${outcome.statusCode} ${outcome.message}` : outcome.kind === 'transient' ? outcome.reason : '';
      throw OcpiProblem.failed(`${what}: HTTP ${httpStatus} ${why}`.trim(), statusCodes.unableToUsePartnersApi);
    }
    const read = readWire(schema, outcome.data);
    if (!read.ok) throw OcpiProblem.failed(`${what}: ${read.reason}`, statusCodes.unableToUsePartnersApi);
    return read.value;
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
