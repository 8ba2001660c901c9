import type { CdrSummary, SessionSummary } from '@evenkeel/contracts';
import type { MeteredSession } from './fleet';
import { type Books, judge } from './oracle';

const metered = (transactionId: string, change: Partial<MeteredSession> = {}): MeteredSession => ({
  stationId: 'CP1',
  transactionId,
  energyWh: 12_000,
  isRoaming: false,
  wasRefused: false,
  ...change,
});
const booked = (transactionId: string) =>
  ({ sessionId: `s${transactionId}`, stationId: 'cp1', transactionId, status: 'completed', flags: [] as string[] }) as SessionSummary;
const cdr = (transactionId: string, change: Partial<CdrSummary> = {}) =>
  ({
    cdrId: `c${transactionId}`,
    sessionId: `s${transactionId}`,
    energyWh: '12000',
    totalBeforeTaxes: '6.50',
    credit: false,
    issuedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  }) as CdrSummary;
const books = (change: Partial<Books>): Books => ({ sessions: [booked('1')], issued: [cdr('1')], received: [], ...change });

describe('the oracle', () => {
  it('finds nothing where everything was billed once and delivered once', () => {
    const roaming = metered('2', { isRoaming: true });
    const both = { sessions: [booked('1'), booked('2')], issued: [cdr('1'), cdr('2')], received: [cdr('2', { totalBeforeTaxes: '6.5' })] };
    expect(judge([metered('1'), roaming], both)).toEqual({
      sessions: 2,
      roaming: 1,
      energyWh: 24_000,
      lost: 0,
      doubled: 0,
      wrongEnergy: 0,
      wronglyDelivered: 0,
      refused: 0,
      unanswered: 0,
      findings: [],
    });
  });

  it('finds nothing in a refusal for want of an answer from the provider', () => {
    const refused = metered('1', { energyWh: 0, isRoaming: true, wasRefused: true });
    expect(judge([refused], books({ issued: [] }))).toMatchObject({ unanswered: 1, lost: 0, refused: 0, findings: [] });
  });

  it('takes a corrected bill for one', () => {
    const first = cdr('1', { cdrId: 'old', energyWh: '11000' });
    const corrected = [first, { ...first, cdrId: 'back', credit: true }, cdr('1', { issuedAt: '2026-01-01T00:00:01.000Z' })];
    expect(judge([metered('1')], books({ issued: corrected })).findings).toEqual([]);
    expect(judge([metered('1')], books({ issued: corrected.slice(0, 2) }))).toMatchObject({ lost: 1 });
  });

  it.each<[string, MeteredSession[], Partial<Books>, object]>([
    ['a session without a CDR', [metered('1')], { issued: [] }, { lost: 1 }],
    ['a session that is not in the books', [metered('1')], { sessions: [], issued: [] }, { lost: 1 }],
    ['two CDRs', [metered('1')], { issued: [cdr('1'), cdr('1', { cdrId: 'again' })] }, { doubled: 1 }],
    ['a session that no station ran', [metered('1')], { sessions: [booked('1'), booked('2')] }, { doubled: 1 }],
    ['a watt-hour too many', [metered('1')], { issued: [cdr('1', { energyWh: '12001' })] }, { wrongEnergy: 1 }],
    ['a CDR that the partner lacks', [metered('1', { isRoaming: true })], {}, { wronglyDelivered: 1 }],
    ['a CDR that the partner has twice', [metered('1', { isRoaming: true })], { received: [cdr('1'), cdr('1')] }, { wronglyDelivered: 1 }],
    ['a CDR that is none of the partner’s', [metered('1')], { received: [cdr('1')] }, { wronglyDelivered: 1 }],
    ['another amount', [metered('1', { isRoaming: true })], { received: [cdr('1', { totalBeforeTaxes: '6' })] }, { wronglyDelivered: 1 }],
    ['a token of our own that was refused', [metered('1', { wasRefused: true })], { issued: [] }, { refused: 1 }],
    ['a bill for a roaming driver who was refused', [metered('1', { wasRefused: true, isRoaming: true })], {}, { refused: 1 }],
  ])('finds %s', (_, sessions, change, counted) => {
    const verdict = judge(sessions, books(change));
    expect(verdict).toMatchObject(counted);
    expect(verdict.findings).toHaveLength(1);
  });
});
