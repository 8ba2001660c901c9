// An operator's word on a session: it is billed although it was in doubt, it is not billed, or it is billed anew by another tariff.
import { isDeepStrictEqual } from 'node:util';
import { accept, reject } from '@evenkeel/decider';
import type { SessionCommand, SessionRejection, SessionState } from './session';
import type { SessionEvent } from './session-events';
import { billing, snapshotOf } from './snapshot';

export function release(state: SessionState, { reason, readings }: Extract<SessionCommand, { kind: 'release' }>) {
  const { terms } = state;
  const isHeld = state.quarantined !== undefined || state.denied;
  if (terms === undefined || !(isHeld || (state.billed !== undefined && readings !== undefined))) {
    const text = 'the session is not held; a billed one is corrected by naming the readings that it should have';
    return reject<SessionRejection>({ code: 'nothing-to-release', text });
  }
  const codes = (snapshotOf(state, terms)?.anomalies ?? []).map(({ code }) => code);
  const data = { reason, codes, energyWh: '0', ...(readings ? { readings } : {}) };
  const snapshot = snapshotOf({ ...state, released: data, revision: state.revision + 1 }, terms);
  if (snapshot?.meterStartWh === undefined || snapshot.meterStopWh === undefined) {
    return reject<SessionRejection>({ code: 'readings-impossible', text: 'the session has no reading to begin or to end with: name both' });
  }
  if (readings && Number(snapshot.meterStopWh) < Number(snapshot.meterStartWh)) {
    const text = `the session cannot end at ${snapshot.meterStopWh} Wh and begin at ${snapshot.meterStartWh} Wh`;
    return reject<SessionRejection>({ code: 'readings-impossible', text });
  }
  const released: SessionEvent = { type: 'SessionReleased', data: { ...data, energyWh: snapshot.energyWh } };
  const billed =
    billing(state, snapshot) ?? (state.denied ? ({ type: 'SessionAmended', data: { session: snapshot } } as const) : undefined);
  return accept(released, ...(billed ? [billed] : []));
}

export function deny(state: SessionState, reason: string) {
  const { terms } = state;
  const snapshot = terms && snapshotOf(state, terms);
  if (snapshot === undefined || state.denied || (state.quarantined === undefined && state.billed === undefined)) {
    return reject<SessionRejection>({
      code: 'nothing-to-deny',
      text: 'only a session that is held or billed can be denied, and only once',
    });
  }
  return accept<SessionEvent>({ type: 'SessionDenied', data: { session: snapshot, reason } });
}

/** What was said before stays as it was: the bill is credited and written anew. The tariff that it has already changes nothing. */
export function rerate(state: SessionState, { tariff, reason }: Extract<SessionCommand, { kind: 'rerate' }>) {
  const { terms, billed } = state;
  if (terms === undefined || billed === undefined || state.denied || state.quarantined !== undefined || state.awaited !== undefined) {
    const text = 'only a session whose bill stands can be billed by another tariff';
    return reject<SessionRejection>({ code: 'nothing-to-rerate', text });
  }
  if (isDeepStrictEqual(terms.tariff, tariff)) return accept<SessionEvent>();
  const session = snapshotOf({ ...state, revision: state.revision + 1 }, { ...terms, tariff });
  if (session === undefined) throw new Error('a session that was billed has a beginning');
  const { id, lastUpdated } = tariff;
  return accept<SessionEvent>(
    { type: 'SessionRerated', data: { tariffId: id, tariffLastUpdated: lastUpdated, reason } },
    { type: 'SessionAmended', data: { session } },
  );
}
