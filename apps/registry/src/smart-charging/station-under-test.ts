// A station as its registration, reports and answers make it known. For tests.
import type { Evse } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import type { Document, Known } from '../mirror/known';
import { type MirrorEvent, type MirrorNews, mirror } from '../mirror/mirror';
import { type ChargingKnowledge, chargingKnowledgeOf } from './charging-knowledge';
import type { Profile } from './charging-rate';

export const AT = '2026-03-01T10:00:00.000Z';
export const TX = 'tx-1';

export function evse(evseId: number, powerType: 'AC_3_PHASE' | 'DC' = 'AC_3_PHASE', maxCurrentA = 32): Evse {
  const maxVoltageV = powerType === 'DC' ? 800 : 230;
  return {
    evseId,
    uid: `E${evseId}`,
    connectors: [{ connectorId: 1, standard: 'IEC_62196_T2', format: 'SOCKET', powerType, maxVoltageV, maxCurrentA }],
  };
}

export function call(action: string, request: Document, answer: Document = { status: 'Accepted' }): MirrorNews {
  return { kind: 'call', action, request, answer, at: AT };
}

export function notice(action: string, payload: Document): MirrorNews {
  return { kind: 'notice', action, payload, at: AT };
}

export function started(evseId: number, transactionId = TX, happenedAt = AT, remoteStartId?: number): MirrorNews {
  return { kind: 'transaction', phase: 'started', transactionId, evseId, remoteStartId, happenedAt, at: happenedAt };
}

export function ended(transactionId = TX, happenedAt = AT): MirrorNews {
  return { kind: 'transaction', phase: 'ended', transactionId, happenedAt, at: happenedAt };
}

/** Variables as `Component/Variable` and their values. */
export function variables(values: Readonly<Record<string, string>>): MirrorNews {
  const getVariableResult = Object.entries(values).map(([key, attributeValue]) => {
    const [component = '', name = ''] = key.split('/');
    const [variable = '', instance] = name.replace(']', '').split('[');
    return {
      component: { name: component },
      variable: { name: variable, ...(instance === undefined ? {} : { instance }) },
      attributeStatus: 'Accepted',
      attributeValue,
    };
  });
  return call('GetVariables', { getVariableData: [] }, { getVariableResult });
}

export function install(evseId: number, chargingProfile: Profile): MirrorNews {
  return call('SetChargingProfile', { evseId, chargingProfile });
}

export function profile(purpose: Profile['chargingProfilePurpose'], limit: number, more: Partial<Profile> = {}): Profile {
  return {
    id: 1,
    stackLevel: 0,
    chargingProfilePurpose: purpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: [{ id: 1, startSchedule: AT, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] }],
    ...more,
  };
}

export function knownAfter(...news: MirrorNews[]): Known {
  const events: MirrorEvent[] = [];
  for (const each of news) {
    const decision = mirror.decide(fold(mirror, events), { stationId: 'CP1', news: each });
    if (decision.accepted) events.push(...decision.events);
  }
  return fold(mirror, events);
}

export function knowledgeOf(version: string, evses: readonly Evse[], ...news: MirrorNews[]): ChargingKnowledge {
  return chargingKnowledgeOf(knownAfter(...news), evses, version);
}
