import type { ChargingTerms } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import fc from 'fast-check';
import { type SessionCommand, session } from './session';
import type { SessionFact } from './session-events';
import { at, ended, lastSaid, opened, reading, recordAll, run, settleAt, started, status, terms, token, types } from './session-scenarios';
import { snapshotOf } from './snapshot';
import { termsToAsk } from './terms-to-ask';

const agree: SessionCommand = { kind: 'agree', terms: terms() };
const settle = settleAt('23:00');

// F-1: charging from 10:00 to 10:40, then the full car stays until 11:10.
const simple = [started('10:00', '1000'), status('10:00', 'Charging'), status('10:40', 'SuspendedEV'), ended('11:10', '6000')];

describe('a session', () => {
  it('opens with its first fact, starts with its terms, completes with its end', () => {
    const events = run([...recordAll(simple.slice(0, 3)), agree, settle, ...recordAll(simple.slice(3))]);
    expect(types(events)).toEqual([
      'SessionOpened',
      'FactRecorded',
      'FactRecorded',
      'FactRecorded',
      'SessionStarted',
      'FactRecorded',
      'SessionCompleted',
    ]);
    expect(lastSaid(events)).toMatchObject({
      status: 'completed',
      energyWh: '5000',
      startedAt: at('10:00'),
      endedAt: at('11:10'),
      stopReason: 'Local',
    });
  });

  it('F-1: has a charging period of 5.000 kWh and a parking period without energy (TX-28)', () => {
    const { periods } = lastSaid(run([...recordAll(simple), agree, settle])) ?? { periods: [] };
    expect(periods.map(({ startedAt, kind, energyWh }) => [startedAt, kind, energyWh])).toEqual([
      [at('10:00'), 'charging', '5000'],
      [at('10:40'), 'parking', '0'],
    ]);
  });

  it('F-2: records a repeated fact once, however often it comes (TX-11)', () => {
    const once = run([...recordAll(simple), agree, settle]);
    const often = run([...recordAll([...simple, ...simple, ...simple]), agree, settle, ...recordAll(simple)]);
    expect(often).toEqual(once);
  });

  it('waits for its terms however complete its facts are, and then starts and completes at once', () => {
    expect(types(run(recordAll(simple)))).not.toContain('SessionStarted');
    expect(types(run([...recordAll(simple), agree, settle])).slice(-2)).toEqual(['SessionStarted', 'SessionCompleted']);
  });

  it('asks for terms once who and where are known, at the latest at the end, and never again', () => {
    const stateAfter = (commands: SessionCommand[]) => fold(session, run(commands));
    const noToken: SessionFact = { ...started('10:00', '0'), factId: 'x', token: undefined } as SessionFact;
    expect(termsToAsk(stateAfter(recordAll([noToken])))).toBeUndefined();
    expect(termsToAsk(stateAfter(recordAll([noToken, ended('11:00', '10')])))).toMatchObject({ at: at('10:00') });
    expect(termsToAsk(stateAfter(recordAll([simple[0] as SessionFact])))).toMatchObject({ token, evseId: 1 });
    expect(termsToAsk(stateAfter([...recordAll(simple), agree]))).toBeUndefined();
  });

  it('keeps the first agreed terms', () => {
    const other = { ...terms(), agreedFor: at('23:00') };
    expect(lastSaid(run([...recordAll(simple), agree, { kind: 'agree', terms: other }, settle]))?.terms.agreedFor).toBe(at('10:00'));
  });

  it('agrees its terms once more when its end overtook the fact with the token', () => {
    const noPayer: ChargingTerms = { ...terms(), agreedFor: at('11:10'), payer: undefined };
    const overtaken = run([...recordAll([ended('11:10', '6000')]), { kind: 'agree', terms: noPayer }, settle]);
    expect(termsToAsk(fold(session, overtaken))).toBeUndefined();
    const known = run(recordAll(simple.slice(0, 3)), overtaken);
    expect(termsToAsk(fold(session, known))).toMatchObject({ at: at('10:00'), token });

    const again: ChargingTerms = { ...terms(), token };
    const agreed = run([{ kind: 'agree', terms: again }, settle], known);
    expect(types(agreed).slice(known.length)).toEqual(['SessionAmended']);
    expect(lastSaid(agreed)).toMatchObject({ startedAt: at('10:00'), energyWh: '5000', terms: again });
    expect(termsToAsk(fold(session, agreed))).toBeUndefined();
  });

  it('does not ask again about a token that nobody knows', () => {
    const unknown: ChargingTerms = { ...terms(), token, payer: undefined };
    expect(termsToAsk(fold(session, run([...recordAll(simple), { kind: 'agree', terms: unknown }, settle])))).toBeUndefined();
  });

  it('says its progress every fifteen minutes of station time, every five for a roaming driver, not at every reading', () => {
    const readings = Array.from({ length: 30 }, (_, minute) =>
      reading(`10:${String(minute + 1).padStart(2, '0')}`, String(1000 + minute * 100)),
    );
    const events = run([...recordAll(simple.slice(0, 2)), agree, ...recordAll(readings)]);
    expect(types(events).filter((type) => type === 'SessionProgressed')).toHaveLength(2);
    expect(lastSaid(events)).toMatchObject({ status: 'active', energyWh: '2900' });
    const roaming: SessionCommand = { kind: 'agree', terms: { ...terms(), payer: { ...terms().payer, party: 'US-MOB' } as never } };
    const shown = run([...recordAll(simple.slice(0, 2)), roaming, ...recordAll(readings)]);
    expect(types(shown).filter((type) => type === 'SessionProgressed')).toHaveLength(6);
  });

  it('TX-37: takes a reading that comes after the stop, and is amended only when the bill changes', () => {
    const completed = [...recordAll(simple), agree, settle];
    const harmless = run([...completed, ...recordAll([reading('10:20', '3500')])]);
    expect(types(harmless).slice(-2)).toEqual(['SessionCompleted', 'FactRecorded']);
    const late = run([...completed, ...recordAll([status('10:20', 'SuspendedEV')])]);
    expect(types(late).slice(-2)).toEqual(['FactRecorded', 'SessionAmended']);
    expect(lastSaid(late)?.periods.map(({ startedAt, kind }) => [startedAt, kind])).toEqual([
      [at('10:00'), 'charging'],
      [at('10:20'), 'parking'],
    ]);
  });

  it('TX-33: keeps the first of two different stops', () => {
    const events = run([...recordAll([...simple, ended('11:20', '7000')]), agree, settle]);
    expect(lastSaid(events)).toMatchObject({ endedAt: at('11:10'), energyWh: '5000' });
  });

  it('TX-61: makes a session of an end whose start never came, and says so', () => {
    const events = run([...recordAll([reading('10:30', '4000'), ended('11:10', '6000')]), agree, settle]);
    expect(lastSaid(events)).toMatchObject({ startedAt: at('10:30'), energyWh: '2000' });
    expect(lastSaid(events)?.flags).toEqual(expect.arrayContaining(['startNeverReported', 'estimatedStart']));
  });

  it('is derived again from its stored facts, byte for byte', () => {
    const stored = run([...recordAll(simple), agree, settle]);
    const index = stored.findIndex(({ type }) => type === 'SessionCompleted');
    const before = fold(session, stored.slice(0, index));
    const completed = stored[index];
    if (completed?.type !== 'SessionCompleted') throw new Error('not completed');
    expect(JSON.stringify(snapshotOf(before, completed.data.session.terms))).toBe(JSON.stringify(completed.data.session));
  });
});

describe('the bill of a session', () => {
  it('is a function of the set of its facts: any order, any repetition (1.6)', () => {
    const facts = [
      ...simple,
      reading('10:10', '2500'),
      reading('10:20', '3900'),
      reading('10:30', '5000'),
      reading('10:40', '6000'),
      reading('11:00', '6000'),
    ];
    expectSetFunction(facts);
  });

  it('is a function of the set of its facts: any order, any repetition (2.0.1)', () => {
    const events: [string, Partial<Extract<SessionFact, { kind: 'transaction-reported' }>>, string?][] = [
      [
        '10:00',
        { phase: 'started', sequenceNumber: 0, trigger: 'CablePluggedIn', chargingState: 'EVConnected', evseId: 1, connectorId: 1 },
        '1000',
      ],
      ['10:01', { phase: 'updated', sequenceNumber: 1, trigger: 'Authorized', token }],
      ['10:02', { phase: 'updated', sequenceNumber: 2, trigger: 'ChargingStateChanged', chargingState: 'Charging' }, '1000'],
      ['10:32', { phase: 'updated', sequenceNumber: 3, trigger: 'MeterValuePeriodic' }, '4000'],
      ['10:40', { phase: 'updated', sequenceNumber: 4, trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV' }, '6000'],
      ['11:10', { phase: 'ended', sequenceNumber: 5, trigger: 'EVCommunicationLost', stopReason: 'EVDisconnected' }, '6000'],
    ];
    const facts = events.map(([time, rest, wh], index): SessionFact => {
      const samples = wh === undefined ? [] : [{ at: at(time), measurand: 'Energy.Active.Import.Register', value: wh, unit: 'Wh' }];
      return {
        ...(reading(time, wh ?? '0') as Extract<SessionFact, { kind: 'transaction-reported' }>),
        factId: `f${index}`,
        samples,
        ...rest,
      };
    });
    const bill = expectSetFunction(facts);
    expect(bill).toMatchObject({ energyWh: '5000', startedAt: at('10:00'), endedAt: at('11:10') });
  });

  function expectSetFunction(facts: readonly SessionFact[]) {
    const billOf = (order: readonly SessionFact[]) => {
      const said = lastSaid(run([...recordAll(order), agree, settle]));
      return said && { ...said, revision: 0 };
    };
    const expected = billOf(facts);
    const disorder = fc
      .tuple(fc.shuffledSubarray([...facts], { minLength: facts.length }), fc.array(fc.constantFrom(...facts), { maxLength: 6 }))
      .map(([order, repeats]) => [...order, ...repeats]);
    fc.assert(
      fc.property(disorder, (order) => expect(billOf(order)).toEqual(expected)),
      { numRuns: 300 },
    );
    return expected;
  }

  it('loses and invents no energy, wherever the tariff cuts it', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.boolean()), { minLength: 1, maxLength: 20 });
    const cutting = terms([
      { priceComponents: [{ type: 'ENERGY', price: '0.62', stepSize: 1 }], restrictions: { startTime: '02:10', endTime: '02:25' } },
      { priceComponents: [{ type: 'ENERGY', price: '0.30', stepSize: 1 }], restrictions: { minKwh: '3' } },
      { priceComponents: [{ type: 'ENERGY', price: '0.39', stepSize: 1 }] },
    ]);
    fc.assert(
      fc.property(steps, (moves) => {
        let wh = 5000;
        const facts: SessionFact[] = [started('10:00', '5000')];
        moves.forEach(([gain, charging], index) => {
          const time = `10:${String(index * 2 + 1).padStart(2, '0')}`;
          facts.push(status(time, charging ? 'Charging' : 'SuspendedEV'));
          wh += gain;
          facts.push(reading(`10:${String(index * 2 + 2).padStart(2, '0')}`, String(wh)));
        });
        facts.push(ended('10:50', String(wh)));
        const said = lastSaid(run([...recordAll(facts), { kind: 'agree', terms: cutting }, settle]));
        const sum = said?.periods.reduce((total, { energyWh }) => total + Math.round(Number(energyWh) * 1e6), 0);
        expect(sum).toBe((wh - 5000) * 1e6);
        expect(said?.energyWh).toBe(String(wh - 5000));
        expect(said?.periods.every(({ energyWh }) => !energyWh.startsWith('-'))).toBe(true);
      }),
    );
  });
});

describe('charging periods', () => {
  const periodsOf = (facts: SessionFact[], elements?: Parameters<typeof terms>[0]) =>
    lastSaid(run([...recordAll(facts), { kind: 'agree', terms: terms(elements) }, settle]))?.periods.map(
      ({ startedAt, kind, energyWh }) => [startedAt, kind, energyWh],
    );

  it('are cut where a time of day of the tariff begins or ends, in local time', () => {
    // 02:30 in Los Angeles is 10:30 UTC in winter; of 6 kWh in an hour at one speed, half flowed before it.
    const elements = [
      {
        priceComponents: [{ type: 'ENERGY' as const, price: '0.62', stepSize: 1 }],
        restrictions: { startTime: '02:30', endTime: '05:00' },
      },
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.39', stepSize: 1 }] },
    ];
    expect(periodsOf([started('10:00', '0'), status('10:00', 'Charging'), ended('11:00', '6000')], elements)).toEqual([
      [at('10:00'), 'charging', '3000'],
      [at('10:30'), 'charging', '3000'],
    ]);
  });

  it('are cut where the energy crosses a threshold of the tariff', () => {
    const elements = [
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.30', stepSize: 1 }], restrictions: { minKwh: '2' } },
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.50', stepSize: 1 }] },
    ];
    expect(periodsOf([started('10:00', '0'), status('10:00', 'Charging'), ended('11:00', '6000')], elements)).toEqual([
      [at('10:00'), 'charging', '2000'],
      [at('10:20'), 'charging', '4000'],
    ]);
  });

  it('put no energy into a stretch in which the car was not charging (1.2, interpolation)', () => {
    const facts = [
      started('10:00', '0'),
      status('10:00', 'Charging'),
      status('10:20', 'SuspendedEV'),
      status('10:40', 'Charging'),
      ended('11:00', '4000'),
    ];
    expect(periodsOf(facts)).toEqual([
      [at('10:00'), 'charging', '2000'],
      [at('10:20'), 'parking', '0'],
      [at('10:40'), 'charging', '2000'],
    ]);
  });

  it('TX-29: tell charging from parking by the progress of the register when no state was reported', () => {
    const facts = [started('10:00', '0'), reading('10:30', '4000'), reading('11:00', '4005'), ended('11:30', '4005')];
    expect(periodsOf(facts)).toEqual([
      [at('10:00'), 'charging', '4000'],
      [at('10:30'), 'parking', '5'],
    ]);
  });

  it('TX-69: take of two states stamped with one instant the one that was sent later', () => {
    const sent = (fact: SessionFact, second: number) => ({ ...fact, receivedAt: at(`10:00:0${second}`) });
    for (const [first, later, kind] of [
      ['SuspendedEV', 'Charging', 'charging'],
      ['Charging', 'SuspendedEV', 'parking'],
    ] as const) {
      const facts = [started('10:00', '0'), sent(status('10:00', later), 2), sent(status('10:00', first), 1), ended('11:00', '4000')];
      expect(periodsOf(facts)).toEqual([[at('10:00'), kind, '4000']]);
    }
  });

  it('TX-114: begin and end with the readings of the start and the end, also when those are stamped beside them', () => {
    const sample = (time: string, value: string) => ({ at: at(time), measurand: 'Energy.Active.Import.Register', value, unit: 'Wh' });
    const edge = (fact: SessionFact, time: string, value: string, context: string): SessionFact => {
      const { meterStartWh: _, meterStopWh: __, ...rest } = fact as Extract<SessionFact, { kind: 'transaction-reported' }>;
      return { ...rest, samples: [{ ...sample(time, value), context }] };
    };
    const facts = [
      edge(started('10:00', '0'), '09:59:59', '100000', 'Transaction.Begin'),
      status('10:00', 'Charging'),
      reading('10:30', '104000'),
      edge(ended('11:00', '0'), '11:00:01', '108000', 'Transaction.End'),
    ];
    const said = lastSaid(run([...recordAll(facts), agree, settle]));
    expect([said?.energyWh, said?.flags]).toEqual(['8000', []]);
  });

  it('count time in which the station holds the car back as charging', () => {
    const facts = [started('10:00', '0'), status('10:00', 'Charging'), status('10:20', 'SuspendedEVSE'), ended('11:00', '4000')];
    expect(periodsOf(facts)).toEqual([
      [at('10:00'), 'charging', '4000'],
      [at('10:20'), 'charging', '0'],
    ]);
  });

  it('leave out a reading that the register cannot have shown, and say so (TX-48)', () => {
    const facts = [
      started('10:00', '1000'),
      status('10:00', 'Charging'),
      reading('10:20', '0'),
      reading('10:30', '3000'),
      ended('11:00', '4000'),
    ];
    const said = lastSaid(run([...recordAll(facts), agree, settle]));
    expect([said?.energyWh, said?.flags]).toEqual(['3000', ['implausibleReading']]);
  });

  it('rest on the facts that their edges were read from', () => {
    const facts = [started('10:00', '0'), status('10:00', 'Charging'), reading('10:30', '3000'), ended('11:00', '6000')];
    const [period] = lastSaid(run([...recordAll(facts), agree, settle]))?.periods ?? [];
    expect(period?.evidence).toEqual(expect.arrayContaining([facts[0]?.factId, facts[1]?.factId, facts[3]?.factId]));
  });
});

it('names the transaction in its first event', () => {
  expect(run(recordAll(simple.slice(0, 1)))[0]).toEqual({ type: 'SessionOpened', data: opened });
});
