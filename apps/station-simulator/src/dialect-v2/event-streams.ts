// Periodic event streams of OCPP 2.1 (N11 to N15): the readings of a monitor, many in one unconfirmed message.
import type { Request } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Alarm } from '../timers';
import type { Handlers2 } from './handlers';

type Params = Request<'2.1', 'AdjustPeriodicEventStream'>['params'];
type Sample = Request<'2.1', 'NotifyPeriodicEventStream'>['data'][number];

interface Stream {
  readonly id: number;
  readonly variableMonitoringId: number;
  readonly read: () => string;
  params: Params;
  basetime: number;
  samples: Sample[];
  alarm: Alarm | undefined;
}

const DEFAULT_INTERVAL_SECONDS = 60;
const DEFAULT_VALUES = 1;

export class EventStreams {
  private readonly streams = new Map<number, Stream>();
  private nextId = 1;

  constructor(private readonly host: StationHost) {}

  /** Asks the back end whether it wants the stream, and begins it then. */
  open(variableMonitoringId: number, params: Params, read: () => string): void {
    const stream: Stream = { id: this.nextId, variableMonitoringId, read, params, basetime: 0, samples: [], alarm: undefined };
    this.nextId += 1;
    this.host.background(this.begin(stream), 'OpenPeriodicEventStream');
  }

  list(): readonly Stream[] {
    return [...this.streams.values()];
  }

  adjust(id: number, params: Params): boolean {
    const stream = this.streams.get(id);
    if (stream === undefined) return false;
    stream.params = params;
    stream.alarm?.cancel();
    this.sampleLater(stream);
    return true;
  }

  /** The stream of this monitor ends, if it has one. */
  close(variableMonitoringId: number): void {
    const stream = this.list().find((each) => each.variableMonitoringId === variableMonitoringId);
    if (stream === undefined) return;
    stream.alarm?.cancel();
    this.streams.delete(stream.id);
    this.host.say('ClosePeriodicEventStream', { id: stream.id });
  }

  private async begin(stream: Stream): Promise<void> {
    const { id, params, variableMonitoringId } = stream;
    const answer = await this.host.call('OpenPeriodicEventStream', { constantStreamData: { id, params, variableMonitoringId } });
    if ((answer as { status: string }).status !== 'Accepted') return;
    this.streams.set(id, stream);
    this.sampleLater(stream);
  }

  /** So many values in an interval, or one. */
  private sampleLater(stream: Stream): void {
    const { interval = DEFAULT_INTERVAL_SECONDS, values = DEFAULT_VALUES } = stream.params;
    stream.alarm = this.host.later(interval / values, () => {
      const now = this.host.now();
      if (stream.samples.length === 0) stream.basetime = now;
      stream.samples.push({ t: (now - stream.basetime) / 1000, v: stream.read() });
      if (stream.samples.length >= values) this.tell(stream);
      this.sampleLater(stream);
    });
  }

  private tell(stream: Stream): void {
    const { id, basetime, samples: data } = stream;
    stream.samples = [];
    this.host.send('NotifyPeriodicEventStream', { id, pending: 0, basetime: new Date(basetime).toISOString(), data });
  }
}

export function eventStreamCommands(streams: EventStreams) {
  return {
    AdjustPeriodicEventStream({ id, params }) {
      return { answer: { status: streams.adjust(id, params) ? 'Accepted' : 'Rejected' } };
    },
    GetPeriodicEventStream() {
      const constantStreamData = streams.list().map(({ id, params, variableMonitoringId }) => ({ id, params, variableMonitoringId }));
      return { answer: constantStreamData.length === 0 ? {} : { constantStreamData } };
    },
  } satisfies Handlers2;
}
