// The set of facts of one session, indexed as the decisions need it. Nothing here depends on the order in which the facts arrived.
import type { ChargingState, MeterSample, TokenReference } from '@evenkeel/contracts';
import type { SessionFact } from './session-events';

/** A register reading of the billing series and the fact that reported it. */
export interface Reading {
  at: string;
  /** Decimal text, Wh. */
  wh: string;
  factId: string;
  context?: string;
}

export interface StateChange {
  at: string;
  state: ChargingState;
  factId: string;
  sequenceNumber?: number;
  /** Stations stamp two states with one instant; which one they sent later tells which holds. */
  receivedAt: string;
}

export interface PowerReading {
  at: string;
  watts: string;
}

type TransactionFact = Extract<SessionFact, { kind: 'transaction-reported' }>;

export class SessionFacts {
  private readonly seen = new Set<string>();
  private readonly registerReadings: Reading[] = [];
  private readonly stateChanges: StateChange[] = [];
  private readonly power: PowerReading[] = [];
  private startFact: TransactionFact | undefined;
  private endFact: TransactionFact | undefined;
  private earliest: TransactionFact | undefined;
  private payerToken: { token: TokenReference; fact: TransactionFact } | undefined;
  private place: { evseId: number; connectorId?: number; fact: TransactionFact } | undefined;
  private newest: string | undefined;

  has(factId: string): boolean {
    return this.seen.has(factId);
  }

  add(fact: SessionFact): void {
    if (this.seen.has(fact.factId)) return;
    this.seen.add(fact.factId);
    if (this.newest === undefined || fact.at > this.newest) this.newest = fact.at;
    if (fact.kind === 'connector-status-reported') {
      if (fact.chargingState)
        this.stateChanges.push({ at: fact.at, state: fact.chargingState, factId: fact.factId, receivedAt: fact.receivedAt });
      return;
    }
    this.addSamples(fact.samples, fact.factId);
    if (fact.kind === 'transaction-reported') this.addTransactionFact(fact);
  }

  get start(): TransactionFact | undefined {
    return this.startFact;
  }

  get end(): TransactionFact | undefined {
    return this.endFact;
  }

  /** When the session began: its start fact's instant, or the earliest fact of a transaction whose start never came. */
  get startedAt(): string | undefined {
    return (this.startFact ?? (this.endFact ? this.earliest : undefined))?.at;
  }

  get newestAt(): string | undefined {
    return this.newest;
  }

  /** The payer is who started: the token of the earliest fact that carries one, never that of the stop (OCPP 2.0.1 E07; 1.6 4.10). */
  get token(): TokenReference | undefined {
    return this.payerToken?.token;
  }

  get evse(): { evseId: number; connectorId?: number } | undefined {
    return this.place;
  }

  /** The register readings in order of time; of readings at one instant the transaction's own begin and end come outermost. */
  readings(): Reading[] {
    const readings = [...this.registerReadings];
    const { startFact, endFact } = this;
    if (startFact?.meterStartWh !== undefined) readings.push(edge(startFact, startFact.meterStartWh, 'Transaction.Begin'));
    if (endFact?.meterStopWh !== undefined) readings.push(edge(endFact, endFact.meterStopWh, 'Transaction.End'));
    return readings.sort((a, b) => compareText(a.at, b.at) || rankOf(a.context) - rankOf(b.context) || compareText(a.factId, b.factId));
  }

  states(): StateChange[] {
    return [...this.stateChanges].sort(
      (a, b) =>
        compareText(a.at, b.at) ||
        (a.sequenceNumber ?? 0) - (b.sequenceNumber ?? 0) ||
        compareText(a.receivedAt, b.receivedAt) ||
        compareText(a.factId, b.factId),
    );
  }

  powerReadings(): PowerReading[] {
    return [...this.power].sort((a, b) => compareText(a.at, b.at));
  }

  private addTransactionFact(fact: TransactionFact): void {
    if (this.earliest === undefined || isBefore(fact, this.earliest)) this.earliest = fact;
    if (fact.phase === 'started' && (this.startFact === undefined || isBefore(fact, this.startFact))) this.startFact = fact;
    if (fact.phase === 'ended' && (this.endFact === undefined || supersedes(fact, this.endFact))) this.endFact = fact;
    const pays = fact.token !== undefined && fact.phase !== 'ended' && fact.trigger !== 'StopAuthorized';
    if (fact.token && pays && (this.payerToken === undefined || isBefore(fact, this.payerToken.fact)))
      this.payerToken = { token: fact.token, fact };
    const { evseId, connectorId } = fact;
    if (evseId !== undefined && evseId > 0 && (this.place === undefined || isBefore(fact, this.place.fact))) {
      this.place = { evseId, ...(connectorId === undefined ? {} : { connectorId }), fact };
    }
    if (fact.chargingState) {
      const { at, chargingState: state, factId, receivedAt, sequenceNumber } = fact;
      this.stateChanges.push({ at, state, factId, receivedAt, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) });
    }
  }

  private addSamples(samples: readonly MeterSample[], factId: string): void {
    for (const sample of samples) {
      // Only the total at the outlet is ever billed (OCPP 2.0.1 MeasurandEnumType; location absent means Outlet).
      const total = sample.phase === undefined && (sample.location === undefined || sample.location === 'Outlet');
      if (!total) continue;
      if (sample.measurand === 'Energy.Active.Import.Register') {
        this.registerReadings.push({ at: sample.at, wh: sample.value, factId, ...(sample.context ? { context: sample.context } : {}) });
      }
      if (sample.measurand === 'Power.Active.Import') this.power.push({ at: sample.at, watts: sample.value });
    }
  }
}

function edge(fact: TransactionFact, wh: string, context: string): Reading {
  return { at: fact.at, wh, factId: fact.factId, context };
}

function rankOf(context: string | undefined): number {
  return context === 'Transaction.Begin' ? 0 : context === 'Transaction.End' ? 2 : 1;
}

/** The station's own order: sequence numbers where both have one (2.x), else the clock, else the id so that ties do not depend on arrival. */
function isBefore(a: TransactionFact, b: TransactionFact): boolean {
  if (a.sequenceNumber !== undefined && b.sequenceNumber !== undefined && a.sequenceNumber !== b.sequenceNumber) {
    return a.sequenceNumber < b.sequenceNumber;
  }
  return (compareText(a.at, b.at) || compareText(a.factId, b.factId)) < 0;
}

/** Of two ends, a higher sequence number wins (2.x); without numbers (1.6) the first stop stays. */
function supersedes(candidate: TransactionFact, present: TransactionFact): boolean {
  return candidate.sequenceNumber !== undefined && present.sequenceNumber !== undefined
    ? isBefore(present, candidate)
    : isBefore(candidate, present);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
