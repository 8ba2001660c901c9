import { fold } from '@evenkeel/decider';
import { InMemoryEventStore, unsealed } from '@evenkeel/event-store';
import fc from 'fast-check';
import { type CdrDeliveryEvent, cdrDelivery, cdrDeliveryCodec, cdrDeliveryStream } from './cdr-delivery';
import { DeliveryDesk } from './delivery-desk';

const object = {
  ...{ party: 'US-CHG', partner: 'NL-MYU', cdrId: 'c1-CR', sessionId: 's1', credit: true, creditReferenceId: 'c1' },
  ...{ currency: 'EUR', totalBeforeTaxes: '-16.00', totalAfterTaxes: '-19.04' },
};
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 20, minute)).toISOString();
const delivered = (minute = 0): CdrDeliveryEvent => ({ type: 'CdrDelivered', data: { ...object, deliveredAt: at(minute) } });
const parked = (minute = 0): CdrDeliveryEvent => ({
  type: 'CdrDeliveryParked',
  data: { ...object, parkedAt: at(minute), reason: 'nobody took it in time' },
});

function heard(history: readonly CdrDeliveryEvent[], news: CdrDeliveryEvent): CdrDeliveryEvent[] {
  const decision = cdrDelivery.decide(fold(cdrDelivery, history), news);
  if (!decision.accepted) throw new Error('a delivery rejects nothing');
  return [...decision.events];
}

describe('what is known of a delivery', () => {
  it('is what the bridge says, once', () => {
    expect(heard([], delivered())).toEqual([delivered()]);
    expect(heard([delivered()], delivered())).toEqual([]);
    expect(heard([], parked())).toEqual([parked()]);
    expect(heard([parked()], parked())).toEqual([]);
  });

  it('ends with the partner having it, whatever was heard before or is heard late', () => {
    expect(heard([parked()], delivered(5))).toEqual([delivered(5)]);
    expect(heard([delivered(5)], parked())).toEqual([]);
    expect(heard([delivered()], parked(5))).toEqual([]);
  });

  it('that is given up again is given up since then', () => {
    expect(heard([parked(3)], parked(5))).toEqual([parked(5)]);
    expect(heard([parked(3)], parked(1))).toEqual([]);
  });

  it('is the same in whatever order and however often it is heard', () => {
    const outcomeOf = (all: readonly CdrDeliveryEvent[]) => {
      const history: CdrDeliveryEvent[] = [];
      for (const news of all) history.push(...heard(history, news));
      return fold(cdrDelivery, history);
    };
    const shuffledTwice = fc
      .subarray([parked(1), parked(2), parked(4), delivered(3)])
      .chain((said) => fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 })));
    fc.assert(
      fc.property(shuffledTwice, ([said, disorder]) => {
        expect(outcomeOf(disorder)).toEqual(outcomeOf(said));
      }),
    );
  });

  it('is read as it was stored first', async () => {
    const stored = JSON.parse(
      '[{"id":"1","type":"CdrDeliveryParked","data":{"party":"US-CHG","partner":"NL-MYU","cdrId":"c1-CR","sessionId":"s1","credit":true,' +
        '"creditReferenceId":"c1","currency":"EUR","totalBeforeTaxes":"-16.00","totalAfterTaxes":"-19.04",' +
        '"parkedAt":"2026-03-01T20:00:00.000Z","reason":"nobody took it in time"}},' +
        '{"id":"2","type":"CdrDelivered","data":{"party":"US-CHG","partner":"NL-MYU","cdrId":"c1-CR","sessionId":"s1","credit":true,' +
        '"creditReferenceId":"c1","currency":"EUR","totalBeforeTaxes":"-16.00","totalAfterTaxes":"-19.04",' +
        '"deliveredAt":"2026-03-01T20:05:00.000Z"}}]',
    );
    const store = new InMemoryEventStore();
    await store.append(cdrDeliveryStream('c1-CR'), 'no-stream', stored);
    const read = await store.read('cdrdelivery-c1-CR');
    expect(read.map((event) => cdrDeliveryCodec.decode(event))).toEqual([parked(), delivered(5)]);
  });
});

it('the desk stores what it hears in the stream of the CDR, once however often it comes and wherever', async () => {
  const store = new InMemoryEventStore();
  const desks = [new DeliveryDesk(store, unsealed), new DeliveryDesk(store, unsealed)];
  await desks[0]?.record(parked(), 'm1');
  await Promise.all(desks.flatMap((desk) => [desk.record(delivered(5), 'm2'), desk.record(parked(), 'm1')]));
  const events = (await store.read('cdrdelivery-c1-CR')).map((stored) => cdrDeliveryCodec.decode(stored));
  expect(events).toEqual([parked(), delivered(5)]);
});
