import { fold } from '@evenkeel/decider';
import { canonical, fingerprintOf, ocpiVersions, patched, type WireCdr, type WireSession } from '@evenkeel/ocpi';
import { cdrOf, sessionOf } from '../testing/charging';
import { tokenOf } from '../testing/roaming';
import { partnerCdr } from './partner-cdr';
import { type PartnerSessionCommand, type PartnerSessionEvent, partnerSession } from './partner-session';

function wireOf<T>(written: { ok: true; wire: T } | { ok: false; reason: string }): T {
  if (!written.ok) throw new Error(written.reason);
  return written.wire;
}

const from = { partnerId: 'p1', version: '2.2.1' };

describe('a CDR of a partner', () => {
  const cdr: WireCdr = wireOf(canonical.cdr.write(cdrOf('US-MOB', 'spec'), tokenOf('CARD1')));
  const receive = (received: WireCdr) => ({ kind: 'receive', ...from, cdr: received, fingerprint: fingerprintOf(received) }) as const;
  const { kind: _, ...data } = receive(cdr);

  it('is received once, and never changes', () => {
    const state = fold(partnerCdr, [{ type: 'PartnerCdrReceived', data }]);
    expect(partnerCdr.decide(partnerCdr.initial(), receive(cdr))).toEqual({
      accepted: true,
      events: [{ type: 'PartnerCdrReceived', data }],
    });
    expect(partnerCdr.decide(state, receive({ ...cdr }))).toEqual({ accepted: true, events: [] });
    expect(partnerCdr.decide(state, receive({ ...cdr, total_energy: 7 }))).toEqual({ accepted: false, rejection: 'differs' });
  });
});

describe('a session of a partner', () => {
  const session: WireSession = wireOf(canonical.session.write(sessionOf('US-MOB', 'spec'), tokenOf('CARD1')));
  const received = (kept: WireSession): PartnerSessionEvent => ({ type: 'PartnerSessionReceived', data: { ...from, session: kept } });
  const decide = (history: PartnerSessionEvent[], command: PartnerSessionCommand) =>
    partnerSession.decide(fold(partnerSession, history), command);
  const patch = (fields: Record<string, unknown>, last_updated = '2026-03-01T10:31:00Z') =>
    ({
      ...({ kind: 'patch', ...from, sentAt: last_updated } as const),
      change: (known: WireSession) =>
        ocpiVersions['2.3.0'].session.read(patched(known, { ...fields, last_updated }, ['charging_periods']), { owner: 'US-CHG' }),
    }) as const;

  it('is replaced by a PUT, unless the PUT was overtaken', () => {
    const put = (kept: WireSession) => ({ kind: 'put', ...from, session: kept }) as const;
    expect(decide([], put(session))).toEqual({ accepted: true, events: [received(session)] });
    const again = { ...session, kwh: 7 };
    expect(decide([received(session)], put(again))).toEqual({ accepted: true, events: [received(again)] });
    // OCPI 2.2.1 types: a DateTime without a zone is in UTC, wherever we are.
    for (const last_updated of ['2026-03-01T10:29:00Z', '2026-03-01T10:29:00', '2026-03-01 10:29:00+00:00'])
      expect(decide([received(session)], put({ ...session, last_updated }))).toEqual({ accepted: true, events: [] });
    const later = { ...again, last_updated: '2026-03-01T10:31:00' };
    expect(decide([received(session)], put(later))).toEqual({ accepted: true, events: [received(later)] });
  });

  it('is changed by a PATCH that fits, and grows by its periods', () => {
    const period = { start_date_time: '2026-03-01T10:31:00Z', dimensions: [] };
    const changed = {
      ...session,
      kwh: 7,
      charging_periods: [...(session.charging_periods ?? []), period],
      last_updated: '2026-03-01T10:31:00Z',
    };
    expect(decide([received(session)], patch({ kwh: 7, charging_periods: [period] }))).toEqual({
      accepted: true,
      events: [received(changed)],
    });
    expect(decide([received(session)], patch({ kwh: 1 }, '2026-03-01T10:00:00Z'))).toEqual({ accepted: true, events: [] });
    expect(decide([], patch({ kwh: 7 }))).toEqual({ accepted: false, rejection: { reason: 'unknown' } });
    expect(decide([received(session)], patch({ kwh: 'much' }))).toMatchObject({ accepted: false, rejection: { reason: 'invalid' } });
    expect(decide([received(session)], patch({ status: null }))).toMatchObject({ accepted: false, rejection: { reason: 'invalid' } });
  });
});
