// The decider of a firmware campaign: who may update now, when the next step begins, and when it is enough of failures. Stations are taken
// in an order that is fixed at the beginning: the canaries, then the others.
import type { CampaignOrder, CampaignPlan, CampaignStatus } from '@evenkeel/contracts';
import { accept, type Decider, type Decision, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

type Of = { readonly campaignId: string; readonly at: string };
type OfStation = Of & { readonly stationId: string };

export type CampaignEvent =
  | { type: 'CampaignBegun'; data: Of & { readonly plan: CampaignPlan; readonly stations: readonly string[] } }
  | { type: 'StationTold'; data: OfStation & { readonly commandId: string; readonly requestId: number } }
  /** It could not be reached: the next attempt is a command of its own. */
  | { type: 'StationMissed'; data: OfStation }
  | { type: 'StationUpdated'; data: OfStation }
  | { type: 'StationFailed'; data: OfStation & { readonly reason: string } }
  | { type: 'StepBegun'; data: Of & { readonly percent: number } }
  | { type: 'CampaignPaused' | 'CampaignResumed' | 'CampaignHalted' | 'CampaignAborted' | 'CampaignDone'; data: Of };

export type CampaignCommand =
  | { readonly kind: 'begin'; readonly plan: CampaignPlan; readonly stations: readonly string[]; readonly at: string }
  | { readonly kind: 'told'; readonly stationId: string; readonly commandId: string; readonly requestId: number; readonly at: string }
  | { readonly kind: 'updated' | 'missed'; readonly stationId: string; readonly at: string }
  | { readonly kind: 'failed'; readonly stationId: string; readonly reason: string; readonly at: string }
  /** Every station of the step that waits cannot be reached: the others need not wait for it. */
  | { readonly kind: 'all-away'; readonly at: string }
  | { readonly kind: 'order'; readonly order: CampaignOrder; readonly at: string };
export type CampaignRejection = 'already-begun' | 'unknown' | 'ended';

type Decided = Decision<CampaignEvent, CampaignRejection>;

export interface Told {
  readonly commandId: string;
  readonly requestId: number;
  readonly at: string;
}

export interface CampaignState {
  readonly plan?: CampaignPlan;
  readonly status: CampaignStatus;
  readonly stations: readonly string[];
  /** Index into the steps of the plan; -1 for the canaries. */
  readonly step: number;
  readonly misses: ReadonlyMap<string, number>;
  readonly updating: ReadonlyMap<string, Told>;
  readonly updated: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  /** Failures that somebody has resumed it in spite of. */
  readonly forgiven: number;
}

export const campaignCodec: Codec<CampaignEvent> = codecOf<CampaignEvent>({
  CampaignBegun: [],
  StationTold: [],
  StationMissed: [],
  StationUpdated: [],
  StationFailed: [],
  StepBegun: [],
  CampaignPaused: [],
  CampaignResumed: [],
  CampaignHalted: [],
  CampaignAborted: [],
  CampaignDone: [],
});
export const campaignStreamPrefix = 'campaign-';

export const campaign: Decider<CampaignState, CampaignCommand, CampaignEvent, CampaignRejection> = {
  initial: () => ({
    status: 'running',
    stations: [],
    step: -1,
    misses: new Map(),
    updating: new Map(),
    updated: new Set(),
    failed: new Set(),
    forgiven: 0,
  }),
  evolve,
  decide: (state, command) => {
    if (command.kind === 'begin') return begin(state, command);
    if (state.plan === undefined) return reject('unknown');
    const of = { campaignId: state.plan.campaignId, at: command.at };
    if (command.kind === 'order') return order(state, command.order, of);
    // What comes after the end changes nothing any more.
    if (hasEnded(state)) return accept();
    if (command.kind === 'all-away') return accept(...following(state, of, true));
    const { stationId } = command;
    const key = stationId.toLowerCase();
    if (state.updated.has(key) || state.failed.has(key)) return accept();
    const event = eventOf(command, { ...of, stationId });
    return accept<CampaignEvent>(event, ...following(evolve(state, event), of, false));
  },
};

/** Stations that may be told now, in order; none unless the campaign runs. */
export function nextStations({ plan, status, stations, step, updating, updated, failed }: CampaignState): string[] {
  if (plan === undefined || status !== 'running') return [];
  return stations
    .slice(0, boundary({ plan, stations, step }))
    .filter((station) => [updating, updated, failed].every((group) => !group.has(station.toLowerCase())));
}

export function roomFor({ plan, updating }: CampaignState): number {
  return Math.max(0, (plan?.atOnce ?? 0) - updating.size);
}

export function hasEnded({ status }: Pick<CampaignState, 'status'>): boolean {
  return status === 'aborted' || status === 'done';
}

function evolve(state: CampaignState, event: CampaignEvent): CampaignState {
  switch (event.type) {
    case 'CampaignBegun': {
      const { plan, stations } = event.data;
      return { ...state, plan, stations, status: 'running', step: plan.canaries.length === 0 ? 0 : -1 };
    }
    case 'StationTold': {
      const { stationId, commandId, requestId, at } = event.data;
      return { ...state, updating: new Map(state.updating).set(stationId.toLowerCase(), { commandId, requestId, at }) };
    }
    case 'StationMissed': {
      const key = event.data.stationId.toLowerCase();
      return { ...state, misses: new Map(state.misses).set(key, (state.misses.get(key) ?? 0) + 1) };
    }
    case 'StationUpdated':
    case 'StationFailed': {
      const key = event.data.stationId.toLowerCase();
      const updating = new Map(state.updating);
      updating.delete(key);
      const group = event.type === 'StationUpdated' ? 'updated' : 'failed';
      return { ...state, updating, [group]: new Set(state[group]).add(key) };
    }
    case 'StepBegun':
      return { ...state, step: state.plan?.steps.indexOf(event.data.percent) ?? state.step };
    case 'CampaignPaused':
      return { ...state, status: 'paused' };
    case 'CampaignResumed':
      return { ...state, status: 'running', forgiven: state.failed.size };
    case 'CampaignHalted':
      return { ...state, status: 'halted' };
    case 'CampaignAborted':
      return { ...state, status: 'aborted' };
    case 'CampaignDone':
      return { ...state, status: 'done' };
  }
}

function begin(state: CampaignState, { plan, stations, at }: Extract<CampaignCommand, { kind: 'begin' }>): Decided {
  if (state.plan !== undefined) return reject('already-begun');
  return accept<CampaignEvent>({ type: 'CampaignBegun', data: { campaignId: plan.campaignId, plan, stations, at } });
}

function order(state: CampaignState, wanted: CampaignOrder, of: Of): Decided {
  if (hasEnded(state)) return reject('ended');
  if (wanted === 'abort') return accept<CampaignEvent>({ type: 'CampaignAborted', data: of });
  if (wanted === 'pause') return state.status === 'running' ? accept<CampaignEvent>({ type: 'CampaignPaused', data: of }) : accept();
  if (state.status === 'running') return accept();
  const resumed: CampaignEvent = { type: 'CampaignResumed', data: of };
  return accept<CampaignEvent>(resumed, ...following(evolve(state, resumed), of, false));
}

function eventOf(command: Extract<CampaignCommand, { kind: 'told' | 'missed' | 'updated' | 'failed' }>, of: OfStation): CampaignEvent {
  switch (command.kind) {
    case 'told':
      return { type: 'StationTold', data: { ...of, commandId: command.commandId, requestId: command.requestId } };
    case 'missed':
      return { type: 'StationMissed', data: of };
    case 'updated':
      return { type: 'StationUpdated', data: of };
    case 'failed':
      return { type: 'StationFailed', data: { ...of, reason: command.reason } };
  }
}

/** What follows of itself: an end, a halt, or the next step. @param allAway whoever waits in the step cannot be reached. */
function following(state: CampaignState, of: Of, allAway: boolean): CampaignEvent[] {
  const { plan, stations, updating, updated, failed, step, forgiven, status } = state;
  if (plan === undefined) return [];
  if (updated.size + failed.size === stations.length) return [{ type: 'CampaignDone', data: of }];
  if (status !== 'running') return [];
  const size = boundary({ plan, stations, step });
  if ((failed.size - forgiven) * 100 > plan.haltAbovePercent * size) return [{ type: 'CampaignHalted', data: of }];
  const percent = plan.steps[step + 1];
  if (percent === undefined || updating.size > 0) return [];
  const settled = updated.size + failed.size;
  // Nobody goes before every canary has had its end.
  const isOver = settled >= size || (allAway && step >= 0 && settled > 0);
  return isOver ? [{ type: 'StepBegun', data: { ...of, percent } }] : [];
}

/** How many of the stations, in order, may update in the step. */
function boundary({ plan, stations, step }: { plan: CampaignPlan; stations: readonly string[]; step: number }): number {
  const share = step < 0 ? 0 : Math.ceil((stations.length * (plan.steps[step] ?? 100)) / 100);
  return Math.min(stations.length, Math.max(plan.canaries.length, share));
}
