// The gateway's calls and facts without a socket or a broker: the text of a frame goes in, the text of the answer and the facts come out.
import type { PresentedToken, Reply, Request, RequestName, StationFact, TokenAuthorization } from '@evenkeel/contracts';
import { callResultText, parseFrame, type Strictness } from '@evenkeel/ocpp';
import { CallDesk, routeOf, type SpokenVersion, Station } from '@evenkeel/ocpp-gateway';
import { authorize, identity, party } from './demonstration-registry';

type Admitted = Extract<Reply<'admitStation'>, { admitted: true }>;

/** Where a test needs another registry than the demonstration's, or stations that are read as sloppily as in the field. */
export interface GatewayOptions {
  authorize?: (token: PresentedToken) => TokenAuthorization;
  strictness?: Strictness;
}

/** The day on which tokens are judged. */
const judgedAt = '2026-12-31T00:00:00.000Z';

export class PureGateway {
  private readonly station: Station;
  private readonly desk: CallDesk;
  private facts: StationFact[] = [];

  constructor(
    stationId: string,
    private readonly version: SpokenVersion,
    transactionIds: TransactionIds,
    private readonly options: GatewayOptions = {},
  ) {
    const admitted: Admitted = { admitted: true, party, stationId, versions: [version], registration: 'accepted', booted: true };
    this.station = new Station(admitted, version, { ask: async () => admitted, booted: () => undefined });
    const say = async (fact: StationFact) => void this.facts.push(fact);
    const issue = async <T>(key: string, remember: T) => transactionIds.issue(key, remember);
    const ask = async <R extends RequestName>(name: R, request: Request<R>): Promise<Reply<R>> => {
      if (name === 'sessionCost') return {} as Reply<R>;
      if (name !== 'authorizeToken') throw new Error(`a connected station needs no ${name}`);
      const { token } = request as Request<'authorizeToken'>;
      return (this.options.authorize?.(token) ?? authorize(token, judgedAt)) as Reply<R>;
    };
    this.desk = new CallDesk({ say }, { ask }, { issue }, identity, { heartbeatSeconds: 300, bootRetrySeconds: 60, costEverySeconds: 60 });
  }

  async answer(text: string, receivedAtMs: number): Promise<{ answer: string; facts: StationFact[] }> {
    const frame = parseFrame(text, this.version);
    const route = frame.kind === 'call' ? routeOf(this.version, frame.action) : undefined;
    if (frame.kind !== 'call' || !route) throw new Error(`${text} is no call of OCPP ${this.version}`);
    const arrival = { station: this.station, frame, text, receivedAtMs, strictness: this.options.strictness ?? 'strict' };
    const answer = callResultText(frame.id, await route.answer(arrival, this.desk));
    const facts = this.facts;
    this.facts = [];
    return { answer, facts };
  }
}

/** 1, 2, 3, and for a key that comes again what it got the first time, as the broker's bucket does it. */
export class TransactionIds {
  private readonly issued = new Map<string, { transactionId: number; remembered: string }>();

  issue<T>(key: string, remember: T) {
    const known = this.issued.get(key);
    const issued = known ?? { transactionId: this.issued.size + 1, remembered: JSON.stringify(remember) };
    this.issued.set(key, issued);
    return { ...issued, remembered: JSON.parse(issued.remembered) as T, repeated: known !== undefined };
  }
}
