// Tests the platform of a partner before it goes live: asks it what changes nothing there, with its own token, and has the answers judged.
import { randomUUID } from 'node:crypto';
import { type PartnerCheck, type PartnerSelfTest, type PartyKey, splitPartyKey } from '@evenkeel/contracts';
import { OcpiProblem, type OcpiVersion, ocpiVersions } from '@evenkeel/ocpi';
import type { PartnerClient, PartnerRequest } from '../client/partner-client';
import { otherRole, partnerEndpoint, pulledBy, type Role } from '../interfaces';
import { DEADLINE_MS } from '../partner/discovery';
import type { OurCredentials } from '../partner/our-credentials';
import { addresseeOf, partyIn } from '../partner/partner';
import type { RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { Platform } from '../platform';
import {
  type Asked,
  judgeRequestIds,
  judgeRouting,
  judgeSlash,
  judgeUnknown,
  judgeWrongToken,
  skipped,
  type Verdict,
} from './judge-answer';
import { judgeList, type ListAsked, listChecks, noList } from './judge-list';
import { detailsUrlIn, judgeDetails, judgeModules, judgeVersions } from './judge-platform';
import { reportOf } from './report';

/** A list that a platform of the other role has. Those of payment providers are no matter of roaming. */
type ListModule = Exclude<(typeof pulledBy)[Role][number], `payments/${string}`>;

const LONG_AGO = '2010-01-01T00:00:00.000Z';
const FAR_OFF = '2100-01-01T00:00:00.000Z';
const FIRST_PAGE = 50;
/** A partner may answer with a novel. */
const LONGEST_DETAIL = 1_000;
const objectIn = { locations: 'location', tariffs: 'tariff', sessions: 'session', cdrs: 'cdr', tokens: 'token' } as const satisfies Record<
  ListModule,
  keyof OcpiVersion
>;

/** Makes a request of a test, and keeps it with the others. */
type Ask = (url: string, how?: { token?: string; to?: PartyKey | undefined }) => Promise<Asked>;

export class SelfTest {
  constructor(
    private readonly platform: Platform,
    private readonly credentials: Pick<OurCredentials, 'registered'>,
    private readonly vault: Pick<TokenVault, 'open'>,
    private readonly client: Pick<PartnerClient, 'send'>,
  ) {}

  /** @throws Problem `not-found`, `conflict` for a partner that is not registered: there is no token to ask with. */
  async run(partnerId: string): Promise<PartnerSelfTest> {
    const partner = await this.credentials.registered(partnerId);
    const { version: number, versionsUrl, roles } = partner.registration;
    const all: Asked[] = [];
    const ask = this.asking(partner, all);
    const versions = await ask(versionsUrl);
    const detailsUrl = detailsUrlIn(versions, number);
    const [details, wrongToken, slash, unknown, lists] = await Promise.all([
      detailsUrl === undefined ? undefined : ask(detailsUrl),
      ask(versionsUrl, { token: randomUUID() }),
      ask(withSlash(versionsUrl)),
      this.askUnknown(partner, ask),
      Promise.all(pulledBy[this.platform.role].filter(isOfRoaming).map((module) => this.testList(partner, module, ask))),
    ]);
    const routed = number === '2.1.1' ? skipped('OCPI 2.1.1 has no routing headers') : judgeRouting(all, roles.length);
    return reportOf({ partnerId, version: number, testedAt: new Date().toISOString() }, [
      check('versions', 'The versions are there, and the one that was agreed on is among them', judgeVersions(versions, number)),
      check('details', 'The details of the version are there', judgeDetails(details, number)),
      check('modules', 'The modules are there, on the sides of their role', judgeModules(details, this.platform.role, number)),
      check('wrong-token', 'A wrong token is answered with HTTP 401', judgeWrongToken(wrongToken)),
      ...lists.flat(),
      check(
        'unknown-object',
        'A location that there is not is answered with HTTP 404 or 2003',
        unknown ? judgeUnknown(unknown) : skipped('there is no module locations'),
      ),
      check('request-id', 'X-Request-ID comes back', judgeRequestIds(all, number)),
      check('routing', 'The routing headers come back swapped', routed),
      check('trailing-slash', 'A slash at the end of an address is tolerated', judgeSlash(slash)),
    ]);
  }

  private asking({ partnerId, registration }: RegisteredPartner, all: Asked[]): Ask {
    return async (url, { token = this.vault.open(registration.theirToken), to } = {}) => {
      const requestId = randomUUID();
      const routing = to === undefined ? {} : { to };
      const request: PartnerRequest = {
        partnerId,
        method: 'GET',
        url,
        token,
        peer: registration,
        requestId,
        deadlineMs: DEADLINE_MS,
        ...routing,
      };
      const asked = {
        url,
        requestId,
        ...(to === undefined ? {} : { routing: { from: this.platform.party, to } }),
        exchange: await this.exchange(request),
      };
      all.push(asked);
      return asked;
    };
  }

  /** An address that we do not follow is a finding like any other. */
  private async exchange(request: PartnerRequest): ReturnType<PartnerClient['send']> {
    try {
      return await this.client.send(request);
    } catch (error) {
      if (error instanceof OcpiProblem) return { kind: 'unreachable', reason: error.message };
      throw error;
    }
  }

  private async testList(partner: RegisteredPartner, module: ListModule, ask: Ask): Promise<PartnerCheck[]> {
    const { role } = this.platform;
    const { registration } = partner;
    const endpoint = partnerEndpoint(registration.endpoints, role, module);
    const to = addresseeOf(registration, otherRole(role));
    const list = async (from: string, limit: number) =>
      ask(`${endpoint}?${new URLSearchParams({ date_from: from, limit: String(limit) })}`, { to });
    const judged =
      endpoint === undefined
        ? noList(`the partner has no module ${module}`)
        : judgeList(await threeOf(list), ocpiVersions[registration.version][objectIn[module]].forms);
    return (Object.keys(listChecks) as (keyof typeof listChecks)[]).map((name) =>
      check(`${module}.${name}`, listChecks[name], judged[name]),
    );
  }

  /** At a CPO one of its locations, at an eMSP one of ours as the eMSP has it. */
  private async askUnknown({ registration }: RegisteredPartner, ask: Ask): Promise<Asked | undefined> {
    const { role, party } = this.platform;
    const endpoint = partnerEndpoint(registration.endpoints, role, 'locations');
    if (endpoint === undefined) return undefined;
    const { countryCode, partyId } = splitPartyKey(party);
    const owner = role === 'CPO' ? [countryCode, partyId] : [];
    return ask([endpoint, ...owner, randomUUID()].join('/'), { to: partyIn(registration, otherRole(role)) });
  }
}

/** One after the other: a partner under test is not to be overrun. */
async function threeOf(list: (from: string, limit: number) => Promise<Asked>): Promise<ListAsked> {
  return { first: await list(LONG_AGO, FIRST_PAGE), one: await list(LONG_AGO, 1), future: await list(FAR_OFF, FIRST_PAGE) };
}

function isOfRoaming(module: (typeof pulledBy)[Role][number]): module is ListModule {
  return !module.startsWith('payments/');
}

function check(id: string, what: string, verdict: Verdict): PartnerCheck {
  return { id, what, ...verdict, detail: verdict.detail.slice(0, LONGEST_DETAIL) };
}

function withSlash(address: string): string {
  const url = new URL(address);
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url.href;
}
