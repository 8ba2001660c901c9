// Control of distributed energy resources (OCPP 2.1 R01 to R05): grid settings that the station keeps, starts, supersedes and reports.
import type { Request } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Alarm } from '../timers';
import type { Handlers2 } from './handlers';

type Order = Request<'2.1', 'SetDERControl'>;
type ControlType = Order['controlType'];
type Report = Request<'2.1', 'ReportDERControl'>;
type Setting = 'curve' | 'enterService' | 'fixedPFAbsorb' | 'fixedPFInject' | 'fixedVar' | 'freqDroop' | 'gradient' | 'limitMaxDischarge';

interface Control {
  readonly order: Order;
  isSuperseded: boolean;
  alarms: Alarm[];
}

/** Where the settings of a type are; every other type is a curve. */
const SETTING_OF: Partial<Record<ControlType, Setting>> = {
  EnterService: 'enterService',
  FixedPFAbsorb: 'fixedPFAbsorb',
  FixedPFInject: 'fixedPFInject',
  FixedVar: 'fixedVar',
  FreqDroop: 'freqDroop',
  Gradients: 'gradient',
  LimitMaxDischarge: 'limitMaxDischarge',
};

export function derCommands(host: StationHost) {
  const controls = new DerControls(host);
  return {
    SetDERControl(order) {
      if (!host.settings.boolean('DERCtrlr/Enabled')) return { answer: { status: 'NotSupported' } };
      if (order[settingOf(order)] === undefined) return { answer: { status: 'Rejected', statusInfo: { reasonCode: 'MissingParam' } } };
      const supersededIds = controls.set(order);
      return { answer: supersededIds.length === 0 ? { status: 'Accepted' } : { status: 'Accepted', supersededIds } };
    },
    GetDERControl({ requestId, isDefault, controlType, controlId }) {
      const found = controls.find({ isDefault, controlType, controlId });
      if (found.length === 0) return { answer: { status: 'NotFound' } };
      return { answer: { status: 'Accepted' }, afterwards: () => report(host, requestId, found) };
    },
    ClearDERControl({ isDefault, controlType, controlId }) {
      return { answer: { status: controls.clear({ isDefault, controlType, controlId }) ? 'Accepted' : 'NotFound' } };
    },
  } satisfies Handlers2;
}

interface Filter {
  readonly isDefault: boolean | undefined;
  readonly controlType: ControlType | undefined;
  readonly controlId: string | undefined;
}

class DerControls {
  private readonly controls = new Map<string, Control>();

  constructor(private readonly host: StationHost) {}

  /** The ids of those that the new one supersedes: of its type and no more important (a lower number is more important). */
  set(order: Order): string[] {
    const superseded = [...this.controls.values()].filter(({ order: other }) => {
      const isOfItsKind = other.controlType === order.controlType && other.isDefault === order.isDefault;
      return isOfItsKind && other.controlId !== order.controlId && priorityOf(other) >= priorityOf(order);
    });
    for (const control of superseded) control.isSuperseded = true;
    this.remove(order.controlId);
    const control: Control = { order, isSuperseded: false, alarms: [] };
    this.controls.set(order.controlId, control);
    const supersededIds = superseded.map(({ order: { controlId } }) => controlId);
    if (!order.isDefault) this.schedule(control, supersededIds);
    return supersededIds;
  }

  find({ isDefault, controlType, controlId }: Filter): Control[] {
    const fits = (wanted: unknown, actual: unknown) => wanted === undefined || wanted === actual;
    return [...this.controls.values()].filter(({ order }) => {
      return fits(isDefault, order.isDefault) && fits(controlType, order.controlType) && fits(controlId, order.controlId);
    });
  }

  clear(filter: Filter): boolean {
    const found = this.find(filter);
    for (const { order } of found) this.remove(order.controlId);
    return found.length > 0;
  }

  /** OCPP 2.1 R02: a scheduled control tells when it starts and when it ends. */
  private schedule(control: Control, supersededIds: string[]): void {
    const { startTime, duration } = timing(control.order);
    const startsIn = startTime === undefined ? 0 : Math.max(0, (Date.parse(startTime) - this.host.now()) / 1000);
    const { controlId } = control.order;
    const tell = (started: boolean, more: object = {}) =>
      this.host.say('NotifyDERStartStop', { controlId, started, timestamp: this.host.timestamp(), ...more });
    control.alarms.push(this.host.later(startsIn, () => tell(true, supersededIds.length === 0 ? {} : { supersededIds })));
    if (duration !== undefined) control.alarms.push(this.host.later(startsIn + duration, () => tell(false)));
  }

  private remove(controlId: string): void {
    for (const alarm of this.controls.get(controlId)?.alarms ?? []) alarm.cancel();
    this.controls.delete(controlId);
  }
}

const settingOf = ({ controlType }: Order): Setting => SETTING_OF[controlType] ?? 'curve';

function priorityOf(order: Order): number {
  return order[settingOf(order)]?.priority ?? 0;
}

function timing(order: Order): { readonly startTime?: string; readonly duration?: number } {
  const setting = order[settingOf(order)];
  return setting !== undefined && 'duration' in setting ? setting : {};
}

/** One message a control, so that each has the list its type belongs to. */
function report(host: StationHost, requestId: number, found: readonly Control[]): void {
  for (const [index, control] of found.entries()) {
    host.say('ReportDERControl', { requestId, tbc: index < found.length - 1, ...listed(control) });
  }
}

function listed({ order, isSuperseded }: Control): Omit<Report, 'requestId'> {
  const { controlId: id, isDefault, controlType } = order;
  const about = { id, isDefault, isSuperseded };
  if (order.enterService !== undefined) return { enterService: [{ id, enterService: order.enterService }] };
  if (order.gradient !== undefined) return { gradient: [{ id, gradient: order.gradient }] };
  if (order.fixedPFAbsorb !== undefined) return { fixedPFAbsorb: [{ ...about, fixedPF: order.fixedPFAbsorb }] };
  if (order.fixedPFInject !== undefined) return { fixedPFInject: [{ ...about, fixedPF: order.fixedPFInject }] };
  if (order.fixedVar !== undefined) return { fixedVar: [{ ...about, fixedVar: order.fixedVar }] };
  if (order.freqDroop !== undefined) return { freqDroop: [{ ...about, freqDroop: order.freqDroop }] };
  if (order.limitMaxDischarge !== undefined) return { limitMaxDischarge: [{ ...about, limitMaxDischarge: order.limitMaxDischarge }] };
  return order.curve === undefined ? {} : { curve: [{ ...about, curve: order.curve, curveType: controlType }] };
}
