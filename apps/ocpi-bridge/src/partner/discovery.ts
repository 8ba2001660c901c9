// What both directions of the handshake share: finding out what a partner's platform speaks, saying our credentials, and judging the partner's
// (OCPI 2.2.1 version_information_endpoint, mod_credentials).
import type { VersionNumber } from '@evenkeel/ocpi';
import {
  type Credentials,
  canonical,
  type Endpoint,
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
import { hubOf, type Registration } from './partner';
import type { PartnerView } from './partner-view';
import type { TokenVault } from './token-vault';

export interface Discovered {
  version: OcpiVersion;
  endpoints: Endpoint[];
  /** The partner takes the token as it is and not as Base64, whatever its version says. */
  rawToken: boolean;
}

/** Shorter than the deadline of the operator's request, which waits for four of these. */
export const DEADLINE_MS = 6_000;

export class Discovery {
  constructor(
    private readonly platform: Platform,
    private readonly view: PartnerView,
    private readonly vault: TokenVault,
    private readonly client: PartnerClient,
    private readonly guard: UrlGuard,
  ) {}

  get versionsUrl(): string {
    return `${this.platform.publicUrl}/versions`;
  }

  /**
   * Versions, then the details of the newest of these that the partner speaks too. Every address in them is checked before it is kept.
   * @throws OcpiProblem 3001..3003
   */
  async discover(partnerId: string, versionsUrl: string, token: string, among: readonly VersionNumber[]): Promise<Discovered> {
    const { rawToken, data, what } = await this.askFirst({ partnerId, method: 'GET', url: versionsUrl, token });
    const versions = readable(what, readWire(VersionList, data));
    const number = among.find((ours) => versions.some(({ version }) => version === ours));
    const detailsUrl = versions.find(({ version }) => version === number)?.url;
    if (number === undefined || detailsUrl === undefined) {
      const theirs = versions.map(({ version }) => version).join(', ');
      // What a partner says goes into an answer only so far.
      const reason = `no common version: we speak ${among.join(', ')}, the partner ${theirs.slice(0, 100)}`;
      throw OcpiProblem.failed(reason, statusCodes.unsupportedVersion);
    }
    const version = ocpiVersions[number];
    const details = await this.ask({ partnerId, method: 'GET', url: detailsUrl, token, rawToken });
    const { endpoints } = readable(details.what, readWire(VersionDetails, details.data));
    for (const { url } of endpoints) this.guard.check(url);
    if (!hasMutualModule(endpoints, this.platform.role)) {
      throw OcpiProblem.failed(`no module in common with our role ${this.platform.role}`, statusCodes.noMutualEndpoints);
    }
    return { version, endpoints, rawToken };
  }

  /** One request of the handshake. @throws OcpiProblem 3001 for what is not granted. */
  async ask(request: PartnerRequest): Promise<{ data: unknown; what: string }> {
    return this.dataOf(request, await this.client.send({ deadlineMs: DEADLINE_MS, urgent: true, ...request }));
  }

  credentialsWith(token: string, version: OcpiVersion): unknown {
    const { role, party, name } = this.platform;
    const said = version.credentials.write(canonical.credentials.write(token, this.versionsUrl, [{ role, party, name }]));
    if (!said.ok) throw OcpiProblem.failed(said.reason);
    return said.wire;
  }

  /** What a partner has posted or put. @throws OcpiProblem 2001 */
  read(version: OcpiVersion, received: unknown): Credentials {
    const read = version.credentials.read(received, { owner: this.platform.party });
    if (!read.ok) throw OcpiProblem.invalid(read.reason);
    return read.value;
  }

  /** What a partner has answered to such a request. @throws OcpiProblem 3001 */
  readAnswer(version: OcpiVersion, { data, what }: { data: unknown; what: string }): Credentials {
    return readable(what, version.credentials.read(data, { owner: this.platform.party }));
  }

  async registrationOf(
    partnerId: string,
    credentials: Credentials,
    { version, endpoints, rawToken }: Discovered,
    ourToken: string,
  ): Promise<Registration> {
    const roles = await this.checkedRoles(partnerId, this.rolesOf(credentials, version));
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

  /**
   * A party is reached through one platform: two that claim it would make every delivery a guess. A hub may have behind it whom we know ourselves,
   * and us: it is not asked for these.
   */
  private async checkedRoles(partnerId: string, roles: PlatformRole[]): Promise<PlatformRole[]> {
    if (hubOf({ roles }) !== undefined) return roles.filter(({ party }) => party !== this.platform.party);
    for (const { party, role } of roles) {
      if (party === this.platform.party) throw OcpiProblem.invalid(`${party} is our own party`);
      const other = await this.view.partnerOf(party, role);
      if (other && other.partnerId !== partnerId && hubOf(other.registration) === undefined)
        throw OcpiProblem.invalid(`${party} is registered through another platform as ${role}`);
    }
    return roles;
  }

  /** Which spelling of the token the partner understands is found out by trying: OCPI 2.1.1 wants it as it is, later versions as Base64. */
  private async askFirst(request: PartnerRequest): Promise<{ data: unknown; what: string; rawToken: boolean }> {
    const exchange = await this.client.send({ deadlineMs: DEADLINE_MS, urgent: true, ...request, rawToken: false });
    const rawToken = exchange.kind === 'answered' && exchange.outcome.kind === 'unauthorized';
    return { ...(rawToken ? await this.ask({ ...request, rawToken }) : this.dataOf(request, exchange)), rawToken };
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
}

/** @throws OcpiProblem 3001 for an answer that nobody can read. */
function readable<T>(what: string, read: Read<T>): T {
  if (!read.ok) throw OcpiProblem.failed(`${what}: ${read.reason}`, statusCodes.unableToUsePartnersApi);
  return read.value;
}
