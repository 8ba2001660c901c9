// Monitors on the device model (OCPP 2.0.1 N02 to N08): set, cleared and reported by the back end, and events when a value crosses one.
import type { Request, Response } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Alarm } from '../timers';
import type { EventStreams } from './event-streams';
import { type Handlers2, inParts } from './handlers';
import { type ComponentName, readVariableText, type VariableName, variableText } from './variable-names';

type Order = Request<'2.1', 'SetVariableMonitoring'>['setMonitoringData'][number];
type Verdict = Response<'2.1', 'SetVariableMonitoring'>['setMonitoringResult'][number]['status'];
type EventData = Request<'2.1', 'NotifyEvent'>['eventData'][number];

interface Monitor {
  readonly id: number;
  readonly order: Order;
  readonly kind: EventData['eventNotificationType'];
  /** What a delta is measured from. */
  reference: string;
  isAlarmed: boolean;
  alarm: Alarm | undefined;
}

const MONITORS_PER_PART = 10;
const NUMERIC = new Set(['integer', 'decimal']);
const THRESHOLDS = new Set(['UpperThreshold', 'LowerThreshold']);
const HARD_WIRED: Order = {
  component: { name: 'ChargingStation' },
  variable: { name: 'Problem' },
  type: 'Delta',
  value: 1,
  severity: 3,
  transaction: false,
};
const CRITERIA: Readonly<Record<string, readonly string[]>> = {
  ThresholdMonitoring: ['UpperThreshold', 'LowerThreshold'],
  DeltaMonitoring: ['Delta', 'TargetDelta', 'TargetDeltaRelative'],
  PeriodicMonitoring: ['Periodic', 'PeriodicClockAligned'],
};

export class Monitors {
  private readonly monitors = new Map<number, Monitor>();
  private nextId = 1;
  private nextEventId = 1;

  constructor(
    private readonly host: StationHost,
    private readonly streams: EventStreams,
  ) {
    this.put(this.nextId, HARD_WIRED, 'HardWiredMonitor');
    host.settings.onChange((name, value, previous) => this.observe(name, value, previous));
  }

  set(order: Order): { readonly id?: number; readonly status: Verdict } {
    const verdict = this.verdictOn(order);
    if (verdict !== 'Accepted') return order.id === undefined ? { status: verdict } : { id: order.id, status: verdict };
    const id = order.id ?? this.nextId;
    this.monitors.get(id)?.alarm?.cancel();
    const monitor = this.put(id, order, 'CustomMonitor');
    if (order.periodicEventStream !== undefined) this.streams.open(id, order.periodicEventStream, () => this.readingOf(order));
    else if (order.type.startsWith('Periodic')) this.repeat(monitor);
    return { id, status: 'Accepted' };
  }

  clear(id: number): 'Accepted' | 'Rejected' | 'NotFound' {
    const monitor = this.monitors.get(id);
    if (monitor === undefined) return 'NotFound';
    // OCPP 2.0.1 N06.FR.07: a hard-wired monitor stays.
    if (monitor.kind === 'HardWiredMonitor') return 'Rejected';
    monitor.alarm?.cancel();
    this.streams.close(id);
    this.monitors.delete(id);
    return 'Accepted';
  }

  /** All leaves what the back end has set; the others leave only what the station came with. */
  resetTo(base: string): void {
    if (base !== 'All') for (const id of [...this.monitors.keys()]) this.clear(id);
    this.host.settings.measure('MonitoringCtrlr/ActiveMonitoringBase', base);
  }

  find(criteria: readonly string[], named: ReadonlyArray<{ component: ComponentName; variable?: VariableName }>): readonly Monitor[] {
    const types = new Set(criteria.flatMap((criterion) => CRITERIA[criterion] ?? []));
    return [...this.monitors.values()].filter(({ order }) => {
      const isNamed = named.some(({ component, variable }) => {
        const wanted = variableText(component, variable ?? order.variable);
        return wanted.toLowerCase() === variableText(order.component, order.variable).toLowerCase();
      });
      return (criteria.length === 0 || types.has(order.type)) && (named.length === 0 || isNamed);
    });
  }

  private put(id: number, order: Order, kind: Monitor['kind']): Monitor {
    const monitor = { id, order, kind, reference: this.readingOf(order), isAlarmed: false, alarm: undefined };
    this.monitors.set(id, monitor);
    this.nextId = Math.max(this.nextId, id + 1);
    return monitor;
  }

  private verdictOn(order: Order): Verdict {
    const name = variableText(order.component, order.variable);
    const definition = this.host.settings.definitionOf(name);
    if (definition === undefined) return 'UnknownVariable';
    const known = order.id === undefined ? undefined : this.monitors.get(order.id);
    if (order.id !== undefined && (known === undefined || known.kind === 'HardWiredMonitor')) return 'Rejected';
    const { kind = 'string', least = -Infinity, most = Infinity } = definition;
    const isThreshold = THRESHOLDS.has(order.type);
    if (isThreshold && !NUMERIC.has(kind)) return 'UnsupportedMonitorType';
    if (isThreshold && (order.value < least || order.value > most)) return 'Rejected';
    if (order.type === 'Delta' && NUMERIC.has(kind) && order.value < 0) return 'Rejected';
    const isTwin = ({ id, order: other }: Monitor) =>
      id !== order.id &&
      other.type === order.type &&
      other.severity === order.severity &&
      variableText(other.component, other.variable) === name;
    return [...this.monitors.values()].some(isTwin) ? 'Duplicate' : 'Accepted';
  }

  private observe(name: string, value: string, previous: string): void {
    for (const monitor of this.monitors.values()) {
      if (variableText(monitor.order.component, monitor.order.variable).toLowerCase() === name.toLowerCase()) {
        this.check(monitor, value, previous);
      }
    }
  }

  private check(monitor: Monitor, value: string, previous: string): void {
    const { type, value: limit, transaction } = monitor.order;
    if (transaction && !this.host.busy) return;
    if (THRESHOLDS.has(type)) {
      const isBeyond = type === 'UpperThreshold' ? Number(value) > limit : Number(value) < limit;
      if (isBeyond === monitor.isAlarmed) return;
      monitor.isAlarmed = isBeyond;
      this.tell(monitor, 'Alerting', value, !isBeyond);
    } else if (type === 'Delta') {
      const change = Math.abs(Number(value) - Number(monitor.reference));
      const isFar = Number.isFinite(change) ? change >= limit : value !== previous;
      if (!isFar) return;
      monitor.reference = value;
      this.tell(monitor, 'Delta', value);
    }
  }

  private repeat(monitor: Monitor): void {
    const { type, value: seconds } = monitor.order;
    const sinceAlignment = type === 'PeriodicClockAligned' ? (this.host.now() / 1000) % seconds : 0;
    monitor.alarm = this.host.later(seconds - sinceAlignment, () => {
      this.tell(monitor, 'Periodic', this.readingOf(monitor.order));
      this.repeat(monitor);
    });
  }

  private tell(monitor: Monitor, trigger: EventData['trigger'], actualValue: string, cleared?: boolean): void {
    const { component, variable, severity } = monitor.order;
    if (severity > this.host.settings.number('MonitoringCtrlr/ActiveMonitoringLevel', 9)) return;
    const timestamp = this.host.timestamp();
    const event = {
      eventId: this.nextEventId,
      timestamp,
      trigger,
      actualValue,
      component,
      variable,
      eventNotificationType: monitor.kind,
      variableMonitoringId: monitor.id,
      ...(cleared === undefined ? {} : { cleared }),
    };
    this.nextEventId += 1;
    this.host.say('NotifyEvent', { generatedAt: timestamp, seqNo: 0, tbc: false, eventData: [event] });
  }

  private readingOf({ component, variable }: Order): string {
    return this.host.settings.get(variableText(component, variable)) ?? '';
  }
}

export function monitoringCommands(host: StationHost, monitors: Monitors) {
  const { settings } = host;
  const tooMany = (items: number, action: string) => items > settings.number(`MonitoringCtrlr/ItemsPerMessage#${action}`, items);
  return {
    SetVariableMonitoring({ setMonitoringData }) {
      if (tooMany(setMonitoringData.length, 'SetVariableMonitoring')) return { errorCode: 'OccurrenceConstraintViolation' };
      const setMonitoringResult = setMonitoringData.map((order) => {
        const { component, variable, type, severity } = order;
        return { component, variable, type, severity, ...monitors.set(order) };
      });
      return { answer: { setMonitoringResult } };
    },
    ClearVariableMonitoring({ id: ids }) {
      if (tooMany(ids.length, 'ClearVariableMonitoring')) return { errorCode: 'OccurrenceConstraintViolation' };
      return { answer: { clearMonitoringResult: ids.map((id) => ({ id, status: monitors.clear(id) })) } };
    },
    SetMonitoringBase({ monitoringBase }) {
      monitors.resetTo(monitoringBase);
      return { answer: { status: 'Accepted' } };
    },
    SetMonitoringLevel({ severity }) {
      if (severity < 0 || severity > 9) return { answer: { status: 'Rejected' } };
      settings.measure('MonitoringCtrlr/ActiveMonitoringLevel', String(severity));
      return { answer: { status: 'Accepted' } };
    },
    GetMonitoringReport({ requestId, monitoringCriteria = [], componentVariable = [] }) {
      const found = monitors.find(monitoringCriteria, componentVariable);
      if (found.length === 0) return { answer: { status: 'EmptyResultSet' } };
      return { answer: { status: 'Accepted' }, afterwards: () => report(host, requestId, found) };
    },
  } satisfies Handlers2;
}

/** The event notification type of a monitor is OCPP 2.1's to tell; 2.0.1 has no place for it. */
function report(host: StationHost, requestId: number, found: readonly Monitor[]): void {
  const names = [...new Set(found.map(({ order }) => variableText(order.component, order.variable)))];
  const entries = names.map((name) => ({
    ...readVariableText(name),
    variableMonitoring: found
      .filter(({ order }) => variableText(order.component, order.variable) === name)
      .map(({ id, order: { type, value, severity, transaction = false }, kind }) => {
        const monitor = { id, type, value, severity, transaction };
        return host.version === '2.1' ? { ...monitor, eventNotificationType: kind } : monitor;
      }),
  }));
  const parts = inParts(entries, MONITORS_PER_PART);
  for (const [seqNo, monitor] of parts.entries()) {
    host.say('NotifyMonitoringReport', { requestId, seqNo, generatedAt: host.timestamp(), tbc: seqNo < parts.length - 1, monitor });
  }
}
