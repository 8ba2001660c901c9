// Facts and terms for specs, said the way a station's engineer would: by clock time and meter reading.
import { type ChargingState, type ChargingTerms, idOf, sessionIdOf, type Tariff } from '@evenkeel/contracts';
import type { SessionCommand } from './session';
import type { SessionFact } from './session-events';
import type { SessionPolicy } from './session-policy';

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
    samples: [{ at: at(time), measurand: 'Energy.Active.Import.Register', value: wh, unit: 'Wh' }],
  });
}

export function ended(time: string, meterStopWh: string): SessionFact {
  return transaction('ended', time, { meterStopWh });
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

function transaction(
  phase: 'started' | 'updated' | 'ended',
  time: string,
  rest: Partial<Extract<SessionFact, { kind: 'transaction-reported' }>>,
): SessionFact {
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
