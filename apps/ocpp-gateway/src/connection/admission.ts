// Decides about an upgrade before it happens: who calls, whether it is really that station, and which version will be spoken. A refusal is
// an HTTP status, in this order: 400 or 404 for the URL, 404 for an unknown station, 401 for its credentials, 403 for its certificate or its
// security profile, 400 for its subprotocols.
import type { IncomingMessage } from 'node:http';
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import {
  chooseVersion,
  identityFitsVersion,
  isIdentityRefusal,
  offeredSubprotocols,
  readBasicCredentials,
  readIdentity,
} from '@evenkeel/ocpp';
import { type Admitted, type SpokenVersion, Station, stationKeyOf } from './station';
import type { TransportFacts } from './transport';

export type Admission = { readonly station: Station } | Refusal;

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  /** For the log and the metric; a fixed set of words. */
  readonly reason: string;
  /** With 429 and 503. */
  readonly retryAfterSeconds?: number;
}

export class AdmissionDesk {
  /** Stations this process has seen booting: the registry hears of a boot a moment later, and the station may reconnect within it. */
  private readonly booted = new Set<string>();

  constructor(
    private readonly registry: Pick<Requester<'ocpp-gateway'>, 'ask'>,
    private readonly basePath: string,
  ) {}

  async admit(request: IncomingMessage, facts: TransportFacts): Promise<Admission> {
    const named = readIdentity(request.url ?? '/');
    if (isIdentityRefusal(named)) return { status: named.status, reason: 'unreadable-identity' };
    if (named.basePath !== this.basePath) return { status: 404, reason: 'unknown-path' };
    const { identity } = named;

    const { authorization } = request.headers;
    const credentials = readBasicCredentials(authorization, identity);
    const password = credentials.accepted ? credentials.password.toString('base64') : undefined;
    const question: Request<'admitStation'> = { identity, ...facts, remoteAddress: request.socket.remoteAddress };
    let admitted: Reply<'admitStation'>;
    try {
      admitted = await this.registry.ask('admitStation', { ...question, password });
    } catch (error) {
      if (error instanceof Problem) return { status: 503, reason: 'registry-silent' };
      throw error;
    }
    if (!admitted.admitted) return { status: REFUSALS[admitted.reason], reason: admitted.reason };
    // A header that does not fit the URL is wrong even for a station that needs none.
    if (authorization !== undefined && !credentials.accepted) return wrongCredentials;

    const version = versionFor(identity, request.headers['sec-websocket-protocol'], admitted);
    if (version === undefined) return { status: 400, reason: 'no-common-subprotocol' };
    // Its password may have been changed on this very connection: that it has had the right one is enough.
    const ask = () => this.registry.ask('admitStation', { ...question, connected: true });
    const booted = admitted.booted || this.booted.has(stationKeyOf(admitted));
    return { station: new Station({ ...admitted, booted }, version, { ask, booted: ({ key }) => this.booted.add(key) }) };
  }
}

const REFUSALS = { 'unknown-station': 404, 'wrong-credentials': 401, 'wrong-profile': 403, 'bad-certificate': 403 } as const;
const wrongCredentials: Refusal = { status: 401, reason: 'wrong-credentials' };

/** The station's own order of preference counts (OCPP 2.0.1 Part 4 section 3); one that offers nothing speaks what it is registered with. */
function versionFor(identity: string, header: string | undefined, { versions, unnamedVersion }: Admitted): SpokenVersion | undefined {
  const possible = versions.filter((version) => identityFitsVersion(identity, version));
  const chosen = header === undefined ? unnamedVersion : chooseVersion(offeredSubprotocols(header), possible);
  return possible.find((version) => version === chosen);
}
