// The set of facts of one session, indexed as the decisions need it. Adding a fact costs the same however many there are, and nothing here
// depends on the order in which they arrived.
import type { ChargingState, MeterSample, StationCost, TokenReference } from '@evenkeel/contracts';
import { compareText } from './order';
import type { MatchRule, SessionFact } from './session-events';

export type TransactionFact = Extract<SessionFact, { kind: 'transaction-reported' }>;

/** When a fact happened and was heard, and its place in the station's own count. */
export interface Trace {
  readonly factId: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly sequenceNumber?: number;
  /** Whether the fact names the transaction, or was found to belong to it by its connector and time. */
  readonly names: boolean;
}

/** One number that a meter showed, of the measurands that bills and periods rest on. */
export interface Sample {
  readonly trace: Trace;
  readonly at: string;
  /** Decimal text in Wh, W or A. */
  readonly value: string;
  readonly phase?: string;
  readonly context?: string;
}

export interface StateChange {
  readonly trace: Trace;
  readonly state: ChargingState;
}

/** The measurands that are kept, and what they tell. */
const SERIES = {
  'Energy.Active.Import.Register': 'register',
  'Energy.Active.Import.Interval': 'interval',
  'Energy.Active.Net': 'net',
  'Energy.Active.Export.Register': 'export',
  'Power.Active.Import': 'power',
  'Current.Import': 'current',
} as const;
export type Series = (typeof SERIES)[keyof typeof SERIES];

/** Whether a sample is the register that is billed, where the station tells it: the total at the outlet (TX-111). */
export function isTotalRegister({ measurand, phase, location }: TransactionFact['samples'][number]): boolean {
  return measurand === 'Energy.Active.Import.Register' && phase === undefined && (location === undefined || location === 'Outlet');
}

export class SessionFacts {
  private readonly traces = new Map<string, Trace>();
  /** A boot says something about the session, and is no part of it. */
  private readonly boots = new Set<string>();
  private readonly samples: Partial<Record<Series, Sample[]>> = {};
  private readonly stateChanges: StateChange[] = [];
  private readonly resumptions: TransactionFact[] = [];
  private readonly numbers = new Map<number, string>();
  private readonly signed: Trace[] = [];
  private startFact: TransactionFact | undefined;
  private endFact: { fact: TransactionFact; matched: boolean } | undefined;
  private earliest: TransactionFact | undefined;
  private payer: { token: TokenReference; fact: TransactionFact } | undefined;
  private place: { evseId: number; connectorId?: number; fact: TransactionFact } | undefined;
  private newest: string | undefined;
  private heardAt: string | undefined;
  private vacantSince: string | undefined;
  private bootedAt: string | undefined;
  private readonly oddities = new Set<string>();

  has(factId: string): boolean {
    return this.traces.has(factId) || this.boots.has(factId);
  }

  /** @param matched how a fact that names another transaction, or none, was found to be this session's. */
  add(fact: SessionFact, matched?: MatchRule): void {
    if (this.has(fact.factId)) return;
    const isOwn = fact.kind === 'transaction-reported' && matched === undefined;
    const { factId, at, receivedAt } = fact;
    const number = fact.kind === 'transaction-reported' ? fact.sequenceNumber : undefined;
    const trace: Trace = { factId, at, receivedAt, names: isOwn, ...(number === undefined ? {} : { sequenceNumber: number }) };
    if (fact.kind === 'station-booted') {
      this.boots.add(factId);
      if (this.bootedAt === undefined || at > this.bootedAt) this.bootedAt = at;
      return;
    }
    this.traces.set(factId, trace);
    if (this.heardAt === undefined || receivedAt > this.heardAt) this.heardAt = receivedAt;
    if (this.newest === undefined || at > this.newest) this.newest = at;
    if (fact.kind === 'connector-status-reported') {
      if (fact.chargingState) this.stateChanges.push({ trace, state: fact.chargingState });
      if (fact.status === 'Available' && (this.vacantSince === undefined || at > this.vacantSince)) this.vacantSince = at;
      return;
    }
    this.addSamples(fact.samples, trace);
    if (fact.signedRecords?.length || fact.samples.some(({ signed }) => signed)) this.signed.push(trace);
    if (fact.kind !== 'transaction-reported') return;
    if (isOwn) this.addTransactionFact(fact, trace);
    else if (fact.phase === 'ended') this.addEnd(fact, true);
    else this.oddities.add('foreignTransactionId');
  }

  get size(): number {
    return this.traces.size;
  }

  get start(): TransactionFact | undefined {
    return this.startFact;
  }

  get end(): TransactionFact | undefined {
    return this.endFact?.fact;
  }

  /** What the station has calculated that the session costs (TX-94). */
  get stationCost(): StationCost | undefined {
    return this.endFact?.fact.stationCost;
  }

  /** When the session began by the station's clock: its start, or the earliest fact of a transaction whose start never came. */
  get startedAt(): string | undefined {
    return this.startFact?.at ?? (this.endFact ? this.earliestAt : undefined);
  }

  /** The earliest that is known of the transaction, its own readings included, whether or not its start has come. */
  get earliestAt(): string | undefined {
    if (this.startFact) return this.startFact.at;
    const instants = [...(this.earliest ? [this.earliest.at] : []), ...this.of('register').map(({ at }) => at)];
    return instants.sort()[0];
  }

  /** A stop without a start that carries readings of both edges and a token: enough for a bill (TX-34). */
  get standsAlone(): boolean {
    const contexts = new Set(this.of('register').map(({ context }) => context));
    return this.end?.token !== undefined && contexts.has('Transaction.Begin') && contexts.has('Transaction.End');
  }

  get newestAt(): string | undefined {
    return this.newest;
  }

  /** When anything was heard of the session last, by our clock. */
  get lastHeardAt(): string | undefined {
    return this.heardAt;
  }

  /** Since when the connector is free, when it was said after everything else (TX-41). */
  get freeSince(): string | undefined {
    const since = this.vacantSince;
    if (since === undefined || this.startFact === undefined || since <= this.startFact.at) return undefined;
    const overtaken = [...this.traces.values()].some(({ at, names }) => names && at > since);
    const busyAgain = this.stateChanges.some(({ trace, state }) => state !== 'Idle' && trace.at > since);
    return overtaken || busyAgain ? undefined : since;
  }

  /** Ids of the facts that say so. */
  get freeEvidence(): string[] {
    const since = this.freeSince;
    return [...this.traces.values()].filter(({ at, names }) => !names && at === since).map(({ factId }) => factId);
  }

  /** Whether readings came that were attached by their connector, because they name no transaction. */
  get hasUnnamedReadings(): boolean {
    return this.of('register').some(({ trace }) => !trace.names);
  }

  get firstHeardAt(): string | undefined {
    return [...this.traces.values()].map(({ receivedAt }) => receivedAt).sort()[0];
  }

  get lastBootAt(): string | undefined {
    return this.bootedAt;
  }

  /** Whether the station has ever used the transaction's id: then it learned it (TX-34). */
  get isConfirmed(): boolean {
    const startId = this.startFact?.factId;
    return [...this.traces.values()].some(({ names, factId }) => names && factId !== startId);
  }

  /** The payer is who started: the first token that was accepted, never that of the stop (OCPP 2.0.1 E07; 1.6 4.10). */
  get token(): TokenReference | undefined {
    return this.payer?.token;
  }

  /** The fact in which the payer first showed the token. */
  get authorization(): TransactionFact | undefined {
    return this.payer?.fact;
  }

  get evse(): { evseId: number; connectorId?: number } | undefined {
    return this.place;
  }

  /** Sequence numbers between the lowest and the highest that never came (TX-63, TX-65). */
  get gaps(): number {
    if (this.numbers.size === 0) return 0;
    let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
    for (const number of this.numbers.keys()) {
      lowest = Math.min(lowest, number);
      highest = Math.max(highest, number);
    }
    return highest - lowest + 1 - this.numbers.size;
  }

  /** The same as stretches, e.g. `3-4 7`; empty where none is missing. */
  get missing(): string {
    if (this.gaps === 0) return '';
    const inOrder = [...this.numbers.keys()].sort((a, b) => a - b);
    const stretches = inOrder.slice(1).flatMap((number, index) => {
      const from = (inOrder[index] ?? number) + 1;
      if (from === number) return [];
      return [from === number - 1 ? `${from}` : `${from}-${number - 1}`];
    });
    return stretches.join(' ');
  }

  of(series: Series): readonly Sample[] {
    return this.samples[series] ?? [];
  }

  get states(): readonly StateChange[] {
    return this.stateChanges;
  }

  /** Facts that say that the transaction goes on after an outage (OCPP 2.1 E17). */
  get resumed(): readonly TransactionFact[] {
    return this.resumptions;
  }

  all(): Trace[] {
    return [...this.traces.values()];
  }

  traceOf(factId: string): Trace | undefined {
    return this.traces.get(factId);
  }

  /** Facts with the first and the last signed reading; the bytes stay in the facts (TX-102). */
  get signedEvidence(): string[] {
    const inOrder = [...this.signed].sort((a, b) => compareText(a.at, b.at) || compareText(a.factId, b.factId));
    return [...new Set([inOrder[0], inOrder.at(-1)].flatMap((trace) => trace?.factId ?? []))];
  }

  /** Quality flags that the facts show by themselves (TX-4). */
  flags(): string[] {
    const flags = new Set(this.oddities);
    const traces = [...this.traces.values()];
    if (traces.some(({ names, at, receivedAt }) => names && Date.parse(receivedAt) - Date.parse(at) > OFFLINE_AFTER_MS))
      flags.add('offline');
    if (this.gaps > 0) flags.add('gaps');
    if (this.stationCost) flags.add('costByStation');
    const lastNumber = this.endFact?.fact.sequenceNumber;
    if (lastNumber !== undefined && [...this.numbers.keys()].some((number) => number > lastNumber)) flags.add('eventAfterEnd');
    if (this.startFact === undefined) flags.add('startNeverReported');
    if (this.endFact?.matched) flags.add('stopMatched');
    // Of an offline start the verdict of its own time counts, which the terms know, not what the station is told hours later (TX-15).
    if (this.payer && wasRefused(this.payer.fact) && !wasToldLate(this.payer.fact)) flags.add('unbillableToken');
    return [...flags].sort();
  }

  private addTransactionFact(fact: TransactionFact, trace: Trace): void {
    if (this.earliest === undefined || isBefore(fact, this.earliest)) this.earliest = fact;
    if (fact.phase === 'started' && (this.startFact === undefined || isBefore(fact, this.startFact))) this.startFact = fact;
    if (fact.phase === 'ended') this.addEnd(fact, false);
    this.addToken(fact);
    this.addPlace(fact);
    if (fact.offline) this.oddities.add('offline');
    if (fact.trigger === 'TxResumed') {
      this.resumptions.push(fact);
      this.oddities.add('resumed');
    }
    if (fact.sequenceNumber !== undefined) {
      if (this.numbers.has(fact.sequenceNumber)) this.oddities.add('seqNoConflict');
      else this.numbers.set(fact.sequenceNumber, fact.factId);
    }
    const state = fact.chargingState ?? impliedState(fact);
    if (state) this.stateChanges.push({ trace, state });
  }

  private addEnd(fact: TransactionFact, matched: boolean): void {
    const present = this.endFact;
    if (present && (present.fact.at !== fact.at || present.fact.meterStopWh !== fact.meterStopWh)) this.oddities.add('stopConflict');
    if (present === undefined || supersedes({ fact, matched }, present)) this.endFact = { fact, matched };
  }

  private addToken(fact: TransactionFact): void {
    const { token } = fact;
    if (token === undefined || fact.phase === 'ended' || fact.trigger === 'StopAuthorized') return;
    const present = this.payer;
    const other = present !== undefined && !sameToken(present.token, token);
    if (other && fact.trigger === 'Authorized') this.oddities.add('secondToken');
    if (present === undefined || paysRather(fact, present.fact)) this.payer = { token, fact };
  }

  private addPlace(fact: TransactionFact): void {
    const { evseId, connectorId } = fact;
    if (evseId === undefined || evseId <= 0) return;
    if (this.place !== undefined && this.place.evseId !== evseId) this.oddities.add('evseChanged');
    if (this.place === undefined || isBefore(fact, this.place.fact)) {
      this.place = { evseId, ...(connectorId === undefined ? {} : { connectorId }), fact };
    }
  }

  private addSamples(samples: readonly MeterSample[], trace: Trace): void {
    for (const { measurand, location, at, value, phase, context, unit } of samples) {
      const series = SERIES[measurand as keyof typeof SERIES];
      // Only what flows out of the outlet is billed (TX-112; OCPP 2.0.1 MeasurandEnumType: location absent means Outlet).
      if (series === undefined || (location !== undefined && location !== 'Outlet') || !UNITS[series].has(unit)) continue;
      let known = this.samples[series];
      if (known === undefined) known = this.samples[series] = [];
      known.push({ trace, at, value, ...(phase ? { phase } : {}), ...(context ? { context } : {}) });
    }
  }
}

const OFFLINE_AFTER_MS = 60_000;
const energy = new Set(['Wh']);
const UNITS: Readonly<Record<Series, ReadonlySet<string>>> = {
  register: energy,
  interval: energy,
  net: energy,
  export: energy,
  power: new Set(['W']),
  current: new Set(['A']),
};

export function sameToken(a: TokenReference, b: TokenReference): boolean {
  return a.key === b.key;
}

/**
 * What a 2.x event says about the car where it leaves the charging state out: a transaction may start when a parking bay is taken, when a
 * card is shown, or when the cable is in (OCPP 2.0.1 E01, TxStartPoint).
 */
function impliedState({ phase, trigger, sequenceNumber }: TransactionFact): ChargingState | undefined {
  if (sequenceNumber === undefined) return undefined;
  if (trigger === 'EVDeparted' || trigger === 'EVCommunicationLost') return 'Idle';
  if (phase !== 'started') return undefined;
  if (trigger === 'EVDetected' || trigger === 'Authorized' || trigger === 'RemoteStart') return 'Idle';
  return trigger === 'CablePluggedIn' || trigger === 'SignedDataReceived' ? 'EVConnected' : undefined;
}

/** The station's own order: sequence numbers where both have one (2.x), else the clock, else the id so that ties do not depend on arrival. */
function isBefore(a: TransactionFact, b: TransactionFact): boolean {
  if (a.sequenceNumber !== undefined && b.sequenceNumber !== undefined && a.sequenceNumber !== b.sequenceNumber) {
    return a.sequenceNumber < b.sequenceNumber;
  }
  return (compareText(a.at, b.at) || compareText(a.factId, b.factId)) < 0;
}

/** An accepted token pays rather than a refused one; of two equals the first (TX-81). */
function paysRather(candidate: TransactionFact, present: TransactionFact): boolean {
  const [left, right] = [wasRefused(candidate), wasRefused(present)];
  return left === right ? isBefore(candidate, present) : right;
}

function wasToldLate({ at, receivedAt }: TransactionFact): boolean {
  return Date.parse(receivedAt) - Date.parse(at) > OFFLINE_AFTER_MS;
}

function wasRefused({ tokenVerdict }: TransactionFact): boolean {
  return tokenVerdict !== undefined && tokenVerdict !== 'Accepted';
}

interface End {
  fact: TransactionFact;
  matched: boolean;
}

/**
 * A stop that names the transaction counts before one that was matched to it. Of two ends of 2.x the higher sequence number counts (TX-68),
 * of two stops of 1.6 the first (TX-33).
 */
function supersedes(candidate: End, present: End): boolean {
  if (candidate.matched !== present.matched) return present.matched;
  const numbered = candidate.fact.sequenceNumber !== undefined && present.fact.sequenceNumber !== undefined;
  return numbered ? isBefore(present.fact, candidate.fact) : isBefore(candidate.fact, present.fact);
}
