import fc from 'fast-check';
import { AT, call, ended, install, knownAfter, notice, profile, started, TX } from '../smart-charging/station-under-test';

const LATER = '2026-03-01T11:00:00.000Z';

function running(...news: Parameters<typeof knownAfter>): string[] {
  return knownAfter(...news)
    .all('transaction')
    .filter(([, { status }]) => status === 'Running')
    .map(([key]) => key);
}

describe('the transactions that run at a station', () => {
  it('TransactionEvent, StartTransaction, StopTransaction: begin and end, in any order of arrival', () => {
    expect(running(started(1))).toEqual([TX]);
    expect(running(started(1), ended())).toEqual([]);
    // A signal may be delivered again, after the end.
    expect(running(started(1), ended(), started(1))).toEqual([]);
    expect(running(ended(), started(1))).toEqual([]);
  });

  it('E01.FR.16: the EVSE may be told after the beginning', () => {
    const begun = { kind: 'transaction' as const, phase: 'started' as const, transactionId: TX, happenedAt: AT, at: AT };
    const known = knownAfter(begun, { ...begun, phase: 'updated', evseId: 2, happenedAt: LATER });
    expect(known.get('transaction', TX)).toEqual({ transactionId: TX, evseId: 2, startedAt: AT, status: 'Running' });
  });

  it('one EVSE has one: of two whose end was never told the later one runs', () => {
    expect(running(started(1, 'old'), started(1, 'new', LATER))).toEqual(['new']);
    expect(running(started(1, 'new', LATER), started(1, 'old'))).toEqual(['new']);
    expect(running(started(1, 'one'), started(2, 'two', LATER))).toEqual(['one', 'two']);
  });

  it('K01: with its transaction a TxProfile ends, and what the vehicle has said', () => {
    const needs = notice('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'DC' } });
    const installed = [install(1, profile('TxProfile', 1, { transactionId: TX })), install(0, profile('TxDefaultProfile', 1, { id: 2 }))];
    const known = knownAfter(started(1), needs, ...installed, ended());
    expect([known.all('charging-profile').map(([key]) => key), known.all('charging-needs')]).toEqual([['2'], []]);
  });

  it('F01.FR.10, TC_059: begin with the profile that the request to start has brought', () => {
    const asked = (evseId: number, id: number) =>
      call('RequestStartTransaction', { remoteStartId: id, evseId, idToken: {}, chargingProfile: profile('TxProfile', 6_000, { id }) });
    const profiles = (...news: Parameters<typeof knownAfter>) => Object.fromEntries(knownAfter(...news).all('charging-profile'));
    const installed = { evseId: 1, chargingProfile: { id: 8, transactionId: TX } };
    expect(profiles(asked(1, 8), started(1, TX, AT, 8))).toMatchObject({ '8': installed });
    // OCPP 1.6 tells the connector only.
    expect(profiles(asked(2, 7), asked(1, 9), asked(1, 8), started(1))).toMatchObject({ '8': installed });
    expect(profiles(asked(2, 8), started(1))).toEqual({});
    expect(profiles(asked(1, 8), started(1), ended())).toEqual({});
  });

  it('are remembered for a while only', () => {
    const past = Array.from({ length: 60 }, (_, index) => {
      const at = new Date(Date.parse(AT) + index * 60_000).toISOString();
      return [started(1, `tx-${index}`, at), ended(`tx-${index}`, at)];
    });
    expect(knownAfter(...past.flat()).all('transaction')).toHaveLength(20);
  });

  it('are the same whatever the order of the signals', () => {
    const signals = [started(1, 'a'), ended('a', LATER), started(2, 'b', LATER), started(1, 'c', LATER)];
    fc.assert(
      fc.property(fc.shuffledSubarray(signals, { minLength: signals.length }), (shuffled) => {
        expect(running(...shuffled).sort()).toEqual(['b', 'c']);
      }),
    );
  });
});
