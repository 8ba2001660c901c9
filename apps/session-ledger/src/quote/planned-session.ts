// A session that has not been yet, as its station would report it if all went as planned. It is folded from facts like any other, so that a
// quote and a bill are cut, measured and priced by the same code.
import { idOf, type PlannedSession, type StationFactOf } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { type SessionState, session } from '../session/session';
import type { SessionEvent } from '../session/session-events';

export interface PlaceOfPlan {
  readonly party: string;
  readonly stationId: string;
  readonly evseId?: number;
  readonly connectorId?: number;
}

export function plannedState(place: PlaceOfPlan, plan: PlannedSession): SessionState {
  const { party, stationId } = place;
  const transactionId = 'planned';
  const opened = { sessionId: idOf('quote', party, stationId), party, stationId, transactionId, ocppVersion: '2.1' };
  const events: SessionEvent[] = [
    { type: 'SessionOpened', data: opened },
    ...factsOf(place, plan).map((fact): SessionEvent => ({ type: 'FactRecorded', data: { fact } })),
  ];
  return fold(session, events);
}

export function endOf({ startsAt, chargingSeconds, parkingSeconds = 0 }: PlannedSession): string {
  return after(startsAt, chargingSeconds + parkingSeconds);
}

function factsOf(
  { party, stationId, evseId = 1, connectorId = 1 }: PlaceOfPlan,
  plan: PlannedSession,
): StationFactOf<'transaction-reported'>[] {
  const { startsAt, energyWh, chargingSeconds, parkingSeconds = 0 } = plan;
  const powerW = Math.round((energyWh * 3_600) / chargingSeconds);
  const report = (
    sequenceNumber: number,
    at: string,
    { wh, watts, context, ...said }: Pick<StationFactOf<'transaction-reported'>, 'phase' | 'chargingState'> & Reading,
  ): StationFactOf<'transaction-reported'> => ({
    factId: idOf('planned', sequenceNumber),
    ...{ kind: 'transaction-reported', party, stationId, ocppVersion: '2.1', at, receivedAt: at, messageId: String(sequenceNumber) },
    ...{ transactionId: 'planned', evseId, connectorId, sequenceNumber, ...said },
    samples: [
      { at, measurand: 'Energy.Active.Import.Register', value: String(wh), unit: 'Wh', context },
      { at, measurand: 'Power.Active.Import', value: String(watts), unit: 'W', context },
    ],
  });
  const chargedAt = after(startsAt, chargingSeconds);
  const begin = report(0, startsAt, { phase: 'started', chargingState: 'Charging', wh: 0, watts: powerW, context: 'Transaction.Begin' });
  const full = report(1, chargedAt, { phase: 'updated', chargingState: 'SuspendedEV', wh: energyWh, watts: 0, context: 'Sample.Clock' });
  const end = report(parkingSeconds > 0 ? 2 : 1, endOf(plan), {
    ...{ phase: 'ended', wh: energyWh, context: 'Transaction.End' },
    watts: parkingSeconds > 0 ? 0 : powerW,
  });
  return parkingSeconds > 0 ? [begin, full, end] : [begin, end];
}

interface Reading {
  wh: number;
  watts: number;
  context: string;
}

function after(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1_000).toISOString();
}
