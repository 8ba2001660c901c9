// The credentials handshake (OCPI 2.2.1 mod_credentials). One side invites (token A goes out of band), the other accepts: it reads our
// versions with token A and posts its credentials with token B; while that request waits, we read its versions with token B, and answer
// with token C.
import { randomUUID } from 'node:crypto';
import { idOf, Problem } from '@evenkeel/contracts';
import {
  type Credentials,
  canonical,
  type Endpoint,
  endpointOf,
  instantOf,
  OcpiProblem,
  type OcpiVersion,
  ocpiVersions,
  type PlatformRole,
  type Read,
  readWire,
  statusCodes,
  VersionDetails,
  VersionList,
} from '@evenkeel/ocpi';
import type { Exchange, PartnerClient, PartnerRequest } from '../client/partner-client';
import type { UrlGuard } from '../client/url-guard';
import { hasMutualModule, otherRole } from '../interfaces';
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
  version: OcpiVersion;
  endpoints: Endpoint[];
  /** The partner takes the token as it is and not as Base64, whatever its version says. */
  rawToken: boolean;
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
      const { version, rawToken } = discovered;
      const { data, what } = await this.ask({
        method: 'POST',
        url: credentialsUrl,
        token: tokenA,
        rawToken,
        body: this.credentialsWith(tokenB, version),
        // The partner calls us back twice before it answers.
        deadlineMs: 3 * DEADLINE_MS,
      });
      const answer = readable(what, version.credentials.read(data, { owner: this.platform.party }));
      const registration = await this.registrationOf(partnerId, answer, discovered, tokenB);
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
    const { registration, handshakeToken, previousToken } = caller.partner;
    const held = [registration?.ourToken, previousToken, handshakeToken].find((token) => token?.hash === caller.hash);
    if (!held) throw OcpiProblem.unauthorized();
    return this.credentialsWith(this.vault.open(held), version);
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
    const read = version.credentials.read(posted, { owner: this.platform.party });
    if (!read.ok) throw OcpiProblem.invalid(read.reason);
    const discovered = await this.discover(read.value.url, read.value.token, version).catch((error: unknown) => {
      throw asUnableToUse(error);
    });
    const tokenC = this.vault.newToken();
    const registration = await this.registrationOf(partnerId, read.value, discovered, tokenC);
    const handled = await this.book.decide(partnerId, commandOf(registration), { cause: randomUUID() });
    if (!handled.accepted) throw OcpiProblem.notAllowed(handled.rejection);
    return this.credentialsWith(tokenC, version);
  }

  private credentialsWith(token: string, version: OcpiVersion): unknown {
    const { role, party, name } = this.platform;
    const said = version.credentials.write(canonical.credentials.write(token, this.versionsUrl, [{ role, party, name }]));
    if (!said.ok) throw OcpiProblem.failed(said.reason);
    return said.wire;
  }

  private async registrationOf(
    partnerId: string,
    credentials: Credentials,
    { version, endpoints, rawToken }: Discovered,
    ourToken: string,
  ): Promise<Registration> {
    const roles = this.rolesOf(credentials, version);
    await this.checkRoles(partnerId, roles);
    this.guard.check(credentials.url);
    return {
      version: version.number,
      versionsUrl: credentials.url,
      roles,
      endpoints,
      rawToken,
      theirToken: this.vault.seal(credentials.token),
      ourToken: this.vault.seal(ourToken),
      at: instantOf(new Date().toISOString()),
    };
  }

  /** OCPI 2.1.1 does not say the role of a platform: to us it is what we are not. */
  private rolesOf(credentials: Credentials, version: OcpiVersion): PlatformRole[] {
    const roles = canonical.credentials.rolesOf(credentials);
    return version.number === '2.1.1' ? roles.map((role) => ({ ...role, role: otherRole(this.platform.role) })) : roles;
  }

  /** A party is reached through one platform: two that claim it would make every delivery a guess. */
  private async checkRoles(partnerId: string, roles: readonly PlatformRole[]): Promise<void> {
    for (const { party, role } of roles) {
      if (party === this.platform.party) throw OcpiProblem.invalid(`${party} is our own party`);
      const other = await this.view.partnerOf(party, role);
      if (other && other.partnerId !== partnerId) throw OcpiProblem.invalid(`${party} is registered through another platform as ${role}`);
    }
  }

  /**
   * Versions, then the details of the newest one that both speak, or of the one that the partner has chosen. Every address in them is checked
   * before it is kept.
   */
  private async discover(versionsUrl: string, token: string, chosen?: OcpiVersion): Promise<Discovered> {
    const { rawToken, data, what } = await this.askFirst({ method: 'GET', url: versionsUrl, token });
    const versions = readable(what, readWire(VersionList, data));
    const number = this.platform.versions.find(
      (ours) => (chosen?.number ?? ours) === ours && versions.some(({ version }) => version === ours),
    );
    const detailsUrl = versions.find(({ version }) => version === number)?.url;
    if (number === undefined || detailsUrl === undefined) {
      const ours = chosen?.number ?? this.platform.versions.join(', ');
      throw OcpiProblem.failed(`no common version: we speak ${ours}`, statusCodes.unsupportedVersion);
    }
    const version = ocpiVersions[number];
    const details = await this.ask({ method: 'GET', url: detailsUrl, token, rawToken });
    const { endpoints } = readable(details.what, readWire(VersionDetails, details.data));
    for (const { url } of endpoints) this.guard.check(url);
    if (!hasMutualModule(endpoints, this.platform.role)) {
      throw OcpiProblem.failed(`no module in common with our role ${this.platform.role}`, statusCodes.noMutualEndpoints);
    }
    return { versionsUrl, version, endpoints, rawToken };
  }

  /** Which spelling of the token the partner understands is found out by trying: OCPI 2.1.1 wants it as it is, later versions as Base64. */
  private async askFirst(request: PartnerRequest): Promise<{ data: unknown; what: string; rawToken: boolean }> {
    const exchange = await this.client.send({ deadlineMs: DEADLINE_MS, ...request, rawToken: false });
    const rawToken = exchange.kind === 'answered' && exchange.outcome.kind === 'unauthorized';
    return { ...(rawToken ? await this.ask({ ...request, rawToken }) : this.dataOf(request, exchange)), rawToken };
  }

  private async ask(request: PartnerRequest): Promise<{ data: unknown; what: string }> {
    return this.dataOf(request, await this.client.send({ deadlineMs: DEADLINE_MS, ...request }));
  }

  private dataOf(request: PartnerRequest, exchange: Exchange): { data: unknown; what: string } {
    const what = `${request.method} ${request.url}`;
    if (exchange.kind === 'unreachable') throw OcpiProblem.failed(`${what}: ${exchange.reason}`, statusCodes.unableToUsePartnersApi);
    const { outcome, httpStatus } = exchange;
    if (outcome.kind !== 'acknowledged') {
      const why =
        outcome.kind === 'refused' ? `${outcome.statusCode} ${outcome.message}` : outcome.kind === 'transient' ? outcome.reason : '';
      throw OcpiProblem.failed(`${what}: HTTP ${httpStatus} ${why}`.trim(), statusCodes.unableToUsePartnersApi);
    }
    return { data: outcome.data, what };
  }

  private async decide(partnerId: string, command: PartnerCommand, operator: string): Promise<PartnerState> {
    const handled = await this.book.decide(partnerId, command, { cause: randomUUID(), operator });
    if (!handled.accepted) throw new Problem('conflict', 'the partner is registered already');
    return handled.state;
  }
}

function readable<T>(what: string, read: Read<T>): T {
  if (!read.ok) throw OcpiProblem.failed(`${what}: ${read.reason}`, statusCodes.unableToUsePartnersApi);
  return read.value;
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
