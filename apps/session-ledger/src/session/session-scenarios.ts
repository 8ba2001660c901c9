// Facts and terms for specs, said the way a station's engineer would: by clock time and meter reading.
import { type ChargingState, type ChargingTerms, idOf, type SessionSnapshot, sessionIdOf, type Tariff } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { type SessionCommand, session } from './session';
import type { SessionEvent, SessionFact } from './session-events';
import type { SessionPolicy } from './session-policy';

type TransactionFact = Extract<SessionFact, { kind: 'transaction-reported' }>;

export const party = 'US-CHG';
export const stationId = 'CP1';
export const sessionId = sessionIdOf(party, stationId, '7');
export const token = { key: 'a'.repeat(32), type: 'RFID' } as const;
export const opened = { sessionId, party, stationId, transactionId: '7', ocppVersion: '1.6' };

/** "10:05" of the first of March 2026, UTC. */
export function at(time: string): string {
  return `2026-03-01T${time.length === 5 ? `${time}:00` : time}.000Z`;
}

export function started(time: string, meterStartWh: string): SessionFact {
  return transaction('started', time, { meterStartWh, evseId: 1, connectorId: 1, token });
}

export function reading(time: string, wh: string): SessionFact {
  return transaction('updated', time, {
    evseId: 1,
    samples: [registerSample(time, wh)],
  });
}

export function ended(time: string, meterStopWh: string): SessionFact {
  return transaction('ended', time, { meterStopWh });
}

/** One OCPP 2.x TransactionEvent; `wh` is a register reading with it. */
export function event(
  sequenceNumber: number,
  time: string,
  phase: 'started' | 'updated' | 'ended',
  rest: Partial<TransactionFact> & { wh?: string; context?: string } = {},
): SessionFact {
  const { wh, context, ...said } = rest;
  const samples = wh === undefined ? [] : [{ ...registerSample(time, wh), ...(context ? { context } : {}) }];
  return {
    ...transaction(phase, time, { samples, sequenceNumber, ...said }),
    ocppVersion: '2.0.1',
    factId: idOf('event', sequenceNumber, time, JSON.stringify(said)),
  };
}

export function registerSample(time: string, wh: string) {
  return { at: at(time), measurand: 'Energy.Active.Import.Register', value: wh, unit: 'Wh' };
}

export function booted(time: string): SessionFact {
  return { ...common(`boot ${time}`, time), kind: 'station-booted', vendor: 'V', model: 'M' };
}

/** A status that says nothing about the charging, or one of 1.6 that says that nothing is plugged in. */
export function available(time: string): SessionFact {
  return { ...status(time, 'Idle'), status: 'Available' } as SessionFact;
}

export function status(time: string, state: ChargingState): SessionFact {
  return {
    ...common(`status ${time} ${state}`, time),
    kind: 'connector-status-reported',
    evseId: 1,
    connectorId: 1,
    status: state,
    chargingState: state,
  };
}

/** A party that waits for nothing and holds nothing back. */
export const promptly: SessionPolicy = {
  settleSeconds: 0,
  gapSettleSeconds: 0,
  hold: [],
  silent: { alarmAfterMinutes: 1440 },
  noEnergy: { alarmAfterMinutes: 30 },
  noTransactionId: { alarmAfterMinutes: 10 },
  vacantMinutes: { afterBoot: 10, otherwise: 60 },
  strayMatchSeconds: 60,
};

export function settleAt(time: string, policy: Partial<SessionPolicy> = {}): SessionCommand {
  return { kind: 'settle', now: at(time), policy: { ...promptly, ...policy } };
}

/** What a stream holds after the commands, as the stream handler carries them out. @throws for a rejection. */
export function run(commands: readonly SessionCommand[], history: readonly SessionEvent[] = []): SessionEvent[] {
  let state = fold(session, history);
  const stored = [...history];
  for (const command of commands) {
    const decision = session.decide(state, command);
    if (!decision.accepted) throw new Error(decision.rejection.text);
    for (const event of decision.events) {
      state = session.evolve(state, event, stored.length);
      stored.push(event);
    }
  }
  return stored;
}

export function lastSaid(events: readonly SessionEvent[]): SessionSnapshot | undefined {
  return events.flatMap((event) => ('session' in event.data ? [event.data.session] : [])).at(-1);
}

export const types = (events: readonly SessionEvent[]) => events.map(({ type }) => type);

/** Records the facts, settling after each as the book does. */
export function recordAll(facts: readonly SessionFact[], policy: Partial<SessionPolicy> = {}): SessionCommand[] {
  return facts.flatMap((fact): SessionCommand[] => [{ kind: 'record', opened, fact }, settleAt('23:00', policy)]);
}

export function terms(
  elements: Tariff['elements'] = [{ priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }] }],
): ChargingTerms {
  return {
    agreedFor: at('10:00'),
    place: {
      locationId: 'LOC-1',
      name: 'Test site',
      address: '1 Test Street',
      city: 'San Francisco',
      country: 'USA',
      latitude: '37.7',
      longitude: '-122.4',
      timeZone: 'America/Los_Angeles',
      evseUid: 'CP1-1',
      connectorId: '1',
      connectorStandard: 'IEC_62196_T1',
      connectorFormat: 'CABLE',
      connectorPowerType: 'AC_1_PHASE',
    },
    tariff: { countryCode: 'US', partyId: 'CHG', id: 'T', currency: 'USD', elements, taxIncluded: 'N/A', lastUpdated: at('00:00') },
    payer: { party, ...token, verdict: 'Accepted', authMethod: 'WHITELIST' },
  };
}

function transaction(phase: 'started' | 'updated' | 'ended', time: string, rest: Partial<TransactionFact>): TransactionFact {
  return {
    ...common(`${phase} ${time} ${JSON.stringify(rest)}`, time),
    kind: 'transaction-reported',
    phase,
    transactionId: '7',
    samples: [],
    ...rest,
  };
}

function common(key: string, time: string) {
  return {
    factId: idOf('scenario', key),
    party,
    stationId,
    ocppVersion: '1.6' as const,
    at: at(time),
    receivedAt: at(time),
    messageId: key.slice(0, 60),
  };
}

export const agree: SessionCommand = { kind: 'agree', terms: terms() };
export const otherToken = { key: 'b'.repeat(32), type: 'RFID' } as const;

/** The bill of a whole session, told in this order. */
export function billOf(facts: readonly SessionFact[], agreed = terms()): SessionSnapshot {
  const said = lastSaid(run([...recordAll(facts), { kind: 'agree', terms: agreed }, settleAt('23:00')]));
  if (said === undefined) throw new Error('nothing was said');
  return said;
}

/** When each period begins, its state and its energy. */
export const periodsOf = ({ periods }: SessionSnapshot) =>
  periods.map(({ startedAt, state, energyWh }) => [startedAt.slice(11, 16), state, energyWh]);
export const minutesOf = ({ periods, endedAt = '' }: SessionSnapshot, kind: string) =>
  periods.reduce((sum, period, index) => {
    const end = periods[index + 1]?.startedAt ?? endedAt;
    return period.kind === kind ? sum + (Date.parse(end) - Date.parse(period.startedAt)) / 60_000 : sum;
  }, 0);

/** The first event of an OCPP 2.x transaction that charges from its start, at register 0. */
export const charging = event(0, '10:00', 'started', {
  ...{ trigger: 'Authorized', chargingState: 'Charging', evseId: 1, token },
  ...{ wh: '0', context: 'Transaction.Begin' },
});

/** F-9: a parking bay is taken, the cable comes, then the card; the full car stays. */
export const bay = [
  event(0, '09:00', 'started', { trigger: 'EVDetected' }),
  event(1, '09:05', 'updated', { trigger: 'CablePluggedIn', chargingState: 'EVConnected', evseId: 1, connectorId: 1 }),
  event(2, '09:06', 'updated', { trigger: 'Authorized', token }),
  event(3, '09:07', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'Charging', wh: '100', context: 'Transaction.Begin' }),
  event(4, '10:07', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV', wh: '7100' }),
  event(5, '10:30', 'updated', { trigger: 'StopAuthorized', token, chargingState: 'EVConnected' }),
  event(6, '10:45', 'updated', { trigger: 'EVCommunicationLost' }),
  event(7, '10:50', 'ended', { trigger: 'EVDeparted', stopReason: 'EVDisconnected', wh: '7100', context: 'Transaction.End' }),
];
