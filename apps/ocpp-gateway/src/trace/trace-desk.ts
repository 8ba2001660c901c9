// Answers what a person wants to see of a live station. Every gateway process hears the question; the one that holds the station answers.
import {
  type Answer,
  type IdentityHash,
  mismatch,
  type Reply,
  type Request,
  requestSubject,
  requests,
  stationKey,
} from '@evenkeel/contracts';
import type { Broker } from '@evenkeel/messaging';
import { printTimestamp } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import type { StationConnection } from '../connection/station-connection';
import { maskFrame } from './mask-frame';

type Asked = Request<'traceStation'>;
type Trace = Reply<'traceStation'>;

const FRAMES = 50;

export class TraceDesk {
  constructor(
    private readonly broker: Broker,
    private readonly identity: IdentityHash,
    private readonly log: Log,
  ) {}

  listen(find: (stationKey: string) => StationConnection | undefined): void {
    this.broker.connection.subscribe(requestSubject('traceStation'), {
      callback: (failure, message) => {
        if (failure) return this.log.error({ error: failure }, 'questions about stations cannot be heard');
        const request: unknown = message.json();
        const answer = answerTo(request, (asked) => this.traceOf(asked, find(stationKey(asked.party, asked.stationId))));
        if (answer) message.respond(Buffer.from(JSON.stringify(answer)));
      },
    });
  }

  private traceOf({ frames = FRAMES }: Asked, connection: StationConnection | undefined): Trace | undefined {
    if (!connection) return undefined;
    const { station, trace, remoteAddress, lastHeardAtMs } = connection;
    return {
      ocppVersion: station.version,
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
      lastHeardAt: printTimestamp(lastHeardAtMs),
      frames: trace.frames(frames).map(({ atMs, direction, text, characters }) => {
        const isWhole = text.length === characters;
        return { at: printTimestamp(atMs), direction, text: isWhole ? maskFrame(text, this.identity) : `${text}…`, characters };
      }),
      violations: trace.violations().map(({ kind, count, lastAtMs }) => ({ kind, count, lastAt: printTimestamp(lastAtMs) })),
    };
  }
}

/** @returns undefined where another process has to answer. */
function answerTo(request: unknown, traceOf: (asked: Asked) => Trace | undefined): Answer<Trace> | undefined {
  const wrong = mismatch(requests.traceStation.request, request);
  if (wrong !== undefined) return { ok: false, problem: { code: 'invalid', detail: wrong } };
  const trace = traceOf(request as Asked);
  return trace && { ok: true, value: trace };
}
