import { fold } from '@evenkeel/decider';
import { type PartnerCommandEvent, type PartnerCommandStep, partnerCommand, partnerCommandStream } from './partner-command';
import { type ReservationEvent, type ReservationStep, reservation, reservationStream } from './partner-reservation';

const at = '2026-04-01T10:00:00.000Z';
const given = {
  issuer: 'US-MOB',
  order: { command: 'STOP_SESSION', stationId: 'CP7', transactionId: '7' },
  responseUrl: 'https://mob.example/1',
  at,
} as const;
const steps: Record<string, PartnerCommandStep> = {
  accept: { kind: 'accept', ...given },
  settle: { kind: 'settle', result: 'REJECTED', detail: 'no', at },
  tell: { kind: 'tell', at },
  'give up': { kind: 'give-up', reason: 'nobody answers', at },
};
const accepted: PartnerCommandEvent = { type: 'PartnerCommandAccepted', data: given };
const settled: PartnerCommandEvent = { type: 'PartnerCommandSettled', data: { result: 'REJECTED', detail: 'no', at } };
const told: PartnerCommandEvent = { type: 'CommandResultTold', data: { at } };
const notTold: PartnerCommandEvent = { type: 'CommandResultNotTold', data: { reason: 'nobody answers', at } };

describe('a command of a partner', () => {
  it.each<[string, PartnerCommandEvent[], Record<string, PartnerCommandEvent>]>([
    ['that is new', [], { accept: accepted }],
    ['that is accepted', [accepted], { settle: settled }],
    ['whose outcome is known', [accepted, settled], { tell: told, 'give up': notTold }],
    ['whose result was told', [accepted, settled, told], {}],
    ['whose result nobody took', [accepted, settled, notTold], {}],
  ])('%s takes its next step once, and no other', (_, history, expected) => {
    const state = fold(partnerCommand, history);
    for (const [name, step] of Object.entries(steps)) {
      const event = expected[name];
      expect([name, partnerCommand.decide(state, step)]).toEqual([name, { accepted: true, events: event ? [event] : [] }]);
    }
  });

  it('keeps what is to be told and where', () => {
    expect(fold(partnerCommand, [accepted, settled])).toEqual({ status: 'settled', given, outcome: { result: 'REJECTED', detail: 'no' } });
  });

  it('is the same one by the same request of the same partner', () => {
    expect(partnerCommandStream('p', 'r', 'f')).toBe(partnerCommandStream('p', 'r', 'f'));
    const streams = [
      ['p', 'r', 'f'],
      ['q', 'r', 'f'],
      ['p', 's', 'f'],
      ['p', 'r', 'g'],
    ].map((parts) => partnerCommandStream(...(parts as [string, string, string])));
    expect(new Set(streams).size).toBe(4);
  });
});

describe('a reservation of a partner', () => {
  const keep = (change: object = {}): ReservationStep => ({
    ...{ kind: 'keep', issuer: 'US-MOB', reservation: 'R', number: 7, stationId: 'CP7', expiresAt: '2026-04-01T11:00:00.000Z', at },
    ...change,
  });
  const after = (...given: ReservationStep[]) => {
    const events: ReservationEvent[] = [];
    for (const step of given) {
      const decision = reservation.decide(fold(reservation, events), step);
      if (!decision.accepted) return decision.rejection;
      events.push(...decision.events);
    }
    return fold(reservation, events).kept;
  };

  it('keeps its number where it is changed, and loses it with the reservation', () => {
    expect(after(keep(), keep({ number: 8, expiresAt: '2026-04-01T12:00:00.000Z' }))).toMatchObject({
      number: 7,
      expiresAt: '2026-04-01T12:00:00.000Z',
    });
    expect(after(keep(), { kind: 'give-up', at })).toBeUndefined();
    expect(after(keep(), { kind: 'give-up', at }, keep({ number: 8, stationId: 'CP8' }))).toMatchObject({ number: 8 });
  });

  it('is at one charger at a time', () => {
    const elsewhere = { number: 8, stationId: 'CP8' };
    expect(after(keep(), keep(elsewhere))).toBe('kept-elsewhere');
    expect(after(keep(), keep({ ...elsewhere, at: '2026-04-01T11:00:00.000Z' }))).toMatchObject(elsewhere);
  });

  it('is found by its id without regard to case, and is its own eMSP’s', () => {
    expect(reservationStream('US-MOB', 'r-1')).toBe(reservationStream('US-MOB', 'R-1'));
    expect(reservationStream('US-MOB', 'r-1')).not.toBe(reservationStream('US-RAW', 'r-1'));
  });
});
