// A registry for tests: it answers over NATS what the gateway asks, from two maps that a test may change.
import type { Answer, PartyKey, Reply, Request, RequestName } from '@evenkeel/contracts';
import { requestSubject } from '@evenkeel/contracts';
import type { Broker } from '@evenkeel/messaging';
import { foldIdentity } from '@evenkeel/ocpp';

export const PARTY: PartyKey = 'US-CHG';

type Admission = Extract<Reply<'admitStation'>, { admitted: true }>;

type Question = Request<'admitStation'>;

export interface RegisteredStation
  extends Pick<Admission, 'stationId' | 'versions' | 'registration' | 'booted' | 'certificateSerial' | 'pendingReason' | 'unnamedVersion'> {
  readonly password: Buffer;
  /** Decides by more than the password. */
  readonly refuses?: (question: Question) => Extract<Reply<'admitStation'>, { admitted: false }>['reason'] | undefined;
}

export const passwordOf = (stationId: string): string => `pw-${stationId}-0123456789`;

export class SmallRegistry {
  readonly stations = new Map<string, RegisteredStation>();
  readonly tokens = new Map<string, Omit<Reply<'authorizeToken'>, 'token'>>();
  /** Answers to what only a registry knows, by action of OCPP 2.1. */
  readonly answers = new Map<string, Record<string, unknown>>();
  readonly asked: { name: RequestName; request: unknown }[] = [];
  /** Takes questions and answers none. */
  silent = false;

  register(stationId: string, station: Partial<RegisteredStation> = {}): void {
    const defaults = { versions: ['1.6' as const, '2.0.1' as const, '2.1' as const], registration: 'accepted' as const, booted: true };
    this.stations.set(foldIdentity(stationId), { stationId, ...defaults, password: Buffer.from(passwordOf(stationId)), ...station });
  }

  listen(broker: Broker): void {
    this.answer(broker, 'admitStation', (request) => this.admit(request));
    this.answer(broker, 'answerStation', ({ action }) => ({ payload: this.answers.get(action) ?? { status: 'Rejected' } }));
    this.answer(broker, 'authorizeToken', ({ token }) => this.tokens.get(token.uid) ?? { verdict: 'Invalid' });
  }

  private admit(question: Question): Reply<'admitStation'> {
    const { identity, password, connected, certificate } = question;
    const station = this.stations.get(foldIdentity(identity));
    if (!station) return { admitted: false, reason: 'unknown-station' };
    const reason = station.refuses?.(question);
    if (reason) return { admitted: false, reason };
    const isProved = connected === true || certificate !== undefined;
    const fits = isProved || (password !== undefined && Buffer.from(password, 'base64').equals(station.password));
    if (!fits) return { admitted: false, reason: 'wrong-credentials' };
    const { password: _, refuses: __, ...admission } = station;
    return { admitted: true, party: PARTY, ...admission };
  }

  private answer<R extends 'admitStation' | 'answerStation' | 'authorizeToken'>(
    broker: Broker,
    name: R,
    answer: (request: Request<R>) => Reply<R>,
  ): void {
    broker.connection.subscribe(requestSubject(name), {
      callback: (failure, message) => {
        if (failure) throw failure;
        const request = message.json<Request<R>>();
        this.asked.push({ name, request });
        if (this.silent) return;
        const value: Answer<Reply<R>> = { ok: true, value: answer(request) };
        message.respond(Buffer.from(JSON.stringify(value)));
      },
    });
  }
}
