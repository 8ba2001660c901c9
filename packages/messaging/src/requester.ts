// Asks other services, with a deadline. A refusal, a silence and an absent service all arrive as a `Problem` with its own code.
import {
  type Answer,
  type AppName,
  type AskedBy,
  type HeldRequest,
  Problem,
  type Reply,
  type Request,
  type RequestName,
  requestSubject,
  requests,
  stationCallSubject,
} from '@evenkeel/contracts';
import { ErrorCode, NatsError } from 'nats';
import type { Broker } from './broker';

export class Requester<A extends AppName> {
  constructor(private readonly broker: Broker) {}

  /** @throws Problem: `timeout` and `unavailable` may be tried again, the other codes are the answer. */
  ask<R extends Exclude<AskedBy<A>, HeldRequest>>(name: R, request: Request<R>): Promise<Reply<R>> {
    return this.send(name, requestSubject(name), request);
  }

  /** @throws Problem with code `offline` at once when no gateway holds the station's socket. */
  callStation(request: 'callStation' extends AskedBy<A> ? Request<'callStation'> : never): Promise<Reply<'callStation'>> {
    const { party, stationId } = request as Request<'callStation'>;
    return this.send('callStation', stationCallSubject(party, stationId), request);
  }

  /** @throws Problem with code `offline` when no gateway that runs holds the station's socket. */
  traceStation(request: 'traceStation' extends AskedBy<A> ? Request<'traceStation'> : never): Promise<Reply<'traceStation'>> {
    return this.send('traceStation', requestSubject('traceStation'), request);
  }

  private async send<R extends RequestName>(name: R, subject: string, request: unknown): Promise<Reply<R>> {
    const timeout = requests[name].deadlineMs;
    let answer: Answer<Reply<R>>;
    try {
      const message = await this.broker.connection.request(subject, Buffer.from(JSON.stringify(request)), { timeout });
      answer = message.json<Answer<Reply<R>>>();
    } catch (error) {
      throw asProblem(name, error);
    }
    if (answer.ok) return answer.value;
    throw new Problem(answer.problem.code, answer.problem.detail);
  }
}

function asProblem(name: RequestName, error: unknown): Problem {
  if (error instanceof NatsError && error.code === ErrorCode.NoResponders) {
    // Only the pod that holds the station's socket listens for its calls.
    if (name === 'callStation') return new Problem('offline', 'the station is not connected');
    return new Problem('unavailable', `${requests[name].answeredBy} is not running`);
  }
  if (error instanceof NatsError && error.code === ErrorCode.Timeout) {
    if (name === 'traceStation') return new Problem('offline', 'the station is not connected');
    return new Problem('timeout', `${requests[name].answeredBy} did not answer ${name} in time`);
  }
  return new Problem('unavailable', error instanceof Error ? error.message : String(error));
}
