// What is said of deliveries, from what is stored of them.
import { InMemoryEventStore, StreamHandler } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { eventually } from '@evenkeel/testkit';
import { type Deliverable, type DeliveryCommand, delivery, deliveryCodec, deliveryStream } from '../delivery/delivery';
import { cdrOf, sessionOf } from '../testing/charging';
import { deliveryRelay } from './delivery-announcer';

const at = '2026-03-01T10:31:00.000Z';
const cdr = cdrOf('US-MOB', 'announced');
const credit = {
  ...{ ...cdr, cdrId: `${cdr.cdrId}-CR`, credit: true, creditReferenceId: cdr.cdrId },
  total: { beforeTaxes: '-2.70' },
};
const object = { party: 'US-CHG', partner: 'US-MOB', sessionId: cdr.sessionId, currency: 'USD' };

let store: InMemoryEventStore;
let said: { name: string; party: string; message: unknown; id: string }[];
const say = async (name: string, party: string, message: unknown, id: string) => void said.push({ name, party, message, id });

beforeEach(() => {
  store = new InMemoryEventStore();
  said = [];
});

function relay() {
  const fails = (error: unknown) => {
    throw error;
  };
  return deliveryRelay(store, { say } as Partial<Publisher<'ocpi-bridge'>> as Publisher<'ocpi-bridge'>, fails);
}

async function deliver(objectId: string, what: Deliverable, revision: number, ...outcomes: DeliveryCommand[]): Promise<void> {
  const deliveries = new StreamHandler({ store, decider: delivery, codec: deliveryCodec });
  const stream = deliveryStream('US-MOB', what.module, objectId);
  const due = { kind: 'due', recipient: 'US-MOB', objectId, revision, object: what, at } as const;
  for (const command of [due, ...outcomes]) await deliveries.handle(stream, command, { cause: `${objectId} ${command.kind}` });
}

const succeed = (revision = 0): DeliveryCommand => ({ kind: 'succeed', revision, at });
const fail: DeliveryCommand = { kind: 'fail', revision: 0, reason: 'HTTP 500', answered: true, retryAt: at };

it('says of a CDR and of its credit that the partner has them, each by its own id and for its own amount', async () => {
  await deliver(cdr.cdrId, { module: 'cdrs', cdr }, 0, fail, succeed());
  await deliver(credit.cdrId, { module: 'cdrs', cdr: credit }, 0, succeed());
  const running = relay();
  await running.start();
  await eventually(() => said.length === 2);
  expect(said.map(({ name, party, message }) => ({ name, party, message }))).toEqual([
    {
      ...{ name: 'cdrDelivered', party: 'US-CHG' },
      message: { ...object, cdrId: cdr.cdrId, credit: false, totalBeforeTaxes: '2.70', totalAfterTaxes: '2.70', deliveredAt: at },
    },
    {
      ...{ name: 'cdrDelivered', party: 'US-CHG' },
      message: {
        ...{ ...object, cdrId: `${cdr.cdrId}-CR`, credit: true, creditReferenceId: cdr.cdrId },
        ...{ totalBeforeTaxes: '-2.70', deliveredAt: at },
      },
    },
  ]);
  await running.stop();
});

it('says that a delivery is given up, and why', async () => {
  await deliver(cdr.cdrId, { module: 'cdrs', cdr }, 0, { kind: 'park', revision: 0, reason: 'refused with 2001: no', at });
  const running = relay();
  await running.start();
  await eventually(() => said.length === 1);
  expect(said[0]).toMatchObject({
    name: 'cdrDeliveryParked',
    message: { cdrId: cdr.cdrId, parkedAt: at, reason: 'refused with 2001: no' },
  });
  await running.stop();
});

it('says of one that was given up and sent after all both, in this order', async () => {
  const retry: DeliveryCommand = { kind: 'retry', at };
  await deliver(cdr.cdrId, { module: 'cdrs', cdr }, 0, { kind: 'park', revision: 0, reason: 'refused', at }, retry, succeed());
  const running = relay();
  await running.start();
  await eventually(() => said.length === 2);
  await running.stop();
  expect(said.map(({ name }) => name)).toEqual(['cdrDeliveryParked', 'cdrDelivered']);
});

it('says nothing of sessions, not even of the first revision of one, and nothing of what is under way', async () => {
  const session = (revision: number): Deliverable => ({ module: 'sessions', session: sessionOf('US-MOB', 'x', { revision }) });
  await deliver('first', session(0), 0, succeed());
  await deliver('later', session(5), 5, succeed(5));
  await deliver('failing', { module: 'cdrs', cdr }, 0, fail);
  await deliver(cdr.cdrId, { module: 'cdrs', cdr }, 0, succeed());
  const running = relay();
  await running.start();
  await eventually(() => said.length > 0);
  await running.stop();
  expect(said.map(({ message }) => (message as { cdrId: string }).cdrId)).toEqual([cdr.cdrId]);
});

it('goes on behind what it has said, in the same words and with the same id where it says something again', async () => {
  await deliver(cdr.cdrId, { module: 'cdrs', cdr }, 0, succeed());
  const first = relay();
  await first.start();
  await eventually(() => said.length === 1);
  await first.stop();
  await deliver(credit.cdrId, { module: 'cdrs', cdr: credit }, 0, succeed());
  const second = relay();
  await second.start();
  await eventually(() => said.length === 2);
  await second.stop();
  expect(said.map(({ message }) => (message as { cdrId: string }).cdrId)).toEqual([cdr.cdrId, credit.cdrId]);
  await store.append('checkpoint-ocpi-bridge-deliveries', (await store.readLast('checkpoint-ocpi-bridge-deliveries'))?.revision ?? 0, [
    { id: 'lost', type: 'CheckpointReached', data: { position: '0/0' } },
  ]);
  const third = relay();
  await third.start();
  await eventually(() => said.length === 4);
  await third.stop();
  expect(said.slice(2)).toEqual(said.slice(0, 2));
});
