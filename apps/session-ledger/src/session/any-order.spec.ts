// The bill is a function of the set of facts: of neither their order nor their repetition.
import fc from 'fast-check';
import type { SessionFact } from './session-events';
import { bay, billOf, charging, ended, event, reading, started, status, terms } from './session-scenarios';

describe('any order, any repetition', () => {
  const stories: Record<string, readonly SessionFact[]> = {
    '1.6 with a reset, a dip and late states': [
      started('10:00', '50000'),
      status('09:59', 'EVConnected'),
      status('10:00', 'Charging'),
      reading('10:10', '52000'),
      reading('10:15', '0'),
      reading('10:20', '53000'),
      reading('10:30', '200'),
      status('10:40', 'SuspendedEV'),
      ended('11:00', '2200'),
    ],
    '2.0.1 from the parking bay on': bay,
    '2.0.1 with a gap and two ends': [
      ...bay.filter((_, index) => index !== 5),
      event(9, '11:05', 'ended', { trigger: 'EVDeparted', wh: '7300' }),
    ],
    '2.1 over an outage': [
      charging,
      event(1, '10:20', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      event(2, '10:26', 'updated', { trigger: 'TxResumed', chargingState: 'Charging' }),
      event(3, '10:40', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEVSE', wh: '5000' }),
      event(4, '10:46', 'ended', { trigger: 'EVDeparted', wh: '5000', context: 'Transaction.End' }),
    ],
    'a clock that runs backwards': [
      charging,
      event(1, '10:30', 'updated', { trigger: 'MeterValuePeriodic', wh: '3000' }),
      event(2, '10:00', 'updated', { trigger: 'ChargingStateChanged', chargingState: 'SuspendedEV', wh: '6000' }),
      event(3, '10:50', 'ended', { trigger: 'EVDeparted', wh: '6000', context: 'Transaction.End' }),
    ],
  };

  it.each(Object.keys(stories))('bills the same: %s', (name) => {
    const facts = stories[name] ?? [];
    const agreed = terms([
      { priceComponents: [{ type: 'ENERGY', price: '0.62', stepSize: 1 }], restrictions: { minKwh: '2' } },
      { priceComponents: [{ type: 'ENERGY', price: '0.39', stepSize: 1 }] },
    ]);
    const billed = (order: readonly SessionFact[]) => ({ ...billOf(order, agreed), revision: 0 });
    const expected = billed(facts);
    const disorder = fc
      .tuple(fc.shuffledSubarray([...facts], { minLength: facts.length }), fc.array(fc.constantFrom(...facts), { maxLength: 8 }))
      .chain(([order, repeats]) => fc.shuffledSubarray([...order, ...repeats], { minLength: order.length + repeats.length }));
    fc.assert(
      fc.property(disorder, (order) => expect(billed(order)).toEqual(expected)),
      { numRuns: 300 },
    );
  });
});
