import type { Message, StationFact } from '@evenkeel/contracts';
import { idOf } from '@evenkeel/contracts';
import { BrokerUnavailable } from '@evenkeel/messaging';
import { SayFact } from './say-fact';

function fact(number: number, party = 'US-CHG'): StationFact {
  const at = '2026-03-01T10:00:00.000Z';
  const common = { factId: idOf('test', number), party, stationId: 'CP1', ocppVersion: '1.6' as const, at, receivedAt: at, messageId: 'm' };
  return { ...common, kind: 'meter-values-reported', evseId: 1, samples: [] };
}

/** A broker that confirms or fails when the test says so. */
function broker() {
  const said: { party: string; facts: Message<'stationFacts'>['facts']; id: string; confirm(): void; fail(error: Error): void }[] = [];
  const observed = { confirmed: jest.fn(), failed: jest.fn() };
  const say = (_: string, party: string, { facts }: Message<'stationFacts'>, id: string) =>
    new Promise<void>((confirm, fail) => said.push({ party, facts, id, confirm, fail }));
  return { said, observed, facts: new SayFact({ say }, observed) };
}

it('facts about a station leave once more for the registry, and are confirmed when both are', async () => {
  const { said, facts } = broker();
  const { samples: _, evseId: __, ...common } = fact(1) as Extract<StationFact, { kind: 'meter-values-reported' }>;
  let confirmed = false;
  const done = [facts.say({ ...common, frame: '[2]', kind: 'station-connection-changed', connected: true }, 100), facts.say(fact(2), 100)];
  void Promise.all(done).then(() => {
    confirmed = true;
  });
  await tick();
  expect(said.map(({ facts: batch }) => batch.map(({ kind }) => kind))).toEqual([
    ['station-connection-changed', 'meter-values-reported'],
    ['station-connection-changed'],
  ]);
  expect(said[0]?.id).not.toBe(said[1]?.id);
  expect(said.map(({ facts: [first] }) => first?.frame)).toEqual(['[2]', undefined]);
  said[0]?.confirm();
  await tick();
  expect(confirmed).toBe(false);
  said[1]?.confirm();
  await Promise.all(done);
});

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

it('the facts of one tick leave in one message a party, and are confirmed with it', async () => {
  const { said, observed, facts } = broker();
  const confirmed: number[] = [];
  for (const number of [1, 2, 3]) void facts.say(fact(number), 100).then(() => confirmed.push(number));
  const other = facts.say(fact(4, 'US-MOB'), 100);
  await tick();
  expect(said.map(({ party, facts: batch }) => [party, batch.length])).toEqual([
    ['US-CHG', 3],
    ['US-MOB', 1],
  ]);
  expect(confirmed).toEqual([]);
  said[0]?.confirm();
  await tick();
  expect(confirmed).toEqual([1, 2, 3]);
  said[1]?.confirm();
  await other;
  expect(observed.confirmed).toHaveBeenCalledTimes(2);
});

it('what comes while a message is on its way leaves in the next one', async () => {
  const { said, facts } = broker();
  const first = facts.say(fact(1), 100);
  await tick();
  const rest = [2, 3].map((number) => facts.say(fact(number), 100));
  await tick();
  expect(said).toHaveLength(1);
  said[0]?.confirm();
  await first;
  await tick();
  expect(said[1]?.facts).toHaveLength(2);
  said[1]?.confirm();
  await Promise.all(rest);
});

it('a message is bounded in facts and in weight', async () => {
  const { said, facts } = broker();
  const all = [
    ...Array.from({ length: 700 }, (_, number) => facts.say(fact(number), 10)),
    ...Array.from({ length: 3 }, (_, number) => facts.say(fact(1000 + number), 150_000)),
  ];
  for (let index = 0; index < 4; index += 1) {
    await tick();
    said[index]?.confirm();
  }
  await Promise.all(all);
  expect(said.map(({ facts: batch }) => batch.length)).toEqual([500, 202, 1]);
});

it('when a message is not confirmed, those that wait behind it fail with it', async () => {
  const { said, observed, facts } = broker();
  const first = facts.say(fact(1), 100);
  await tick();
  const second = facts.say(fact(2), 100);
  const failure = new BrokerUnavailable('away');
  said[0]?.fail(failure);
  await expect(first).rejects.toBe(failure);
  await expect(second).rejects.toBe(failure);
  expect(said).toHaveLength(1);
  expect(observed.failed).toHaveBeenCalledTimes(2);
  // The next one is tried again.
  const third = facts.say(fact(3), 100);
  await tick();
  said[1]?.confirm();
  await third;
});

it('the same facts again have the same message id', async () => {
  const ids: (string | undefined)[] = [];
  for (const numbers of [[1], [1], [1, 2], [1, 2], [2, 1]]) {
    const { said, facts } = broker();
    for (const number of numbers) void facts.say(fact(number), 100);
    await tick();
    ids.push(said[0]?.id);
  }
  expect(ids[0]).toBe(fact(1).factId);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[3]).toBe(ids[2]);
  expect(new Set(ids).size).toBe(3);
});

it('a fact that breaks its contract fails alone', async () => {
  const { said, facts } = broker();
  const good = facts.say(fact(1), 100);
  await expect(facts.say({ ...fact(2), messageId: 'x'.repeat(65) }, 100)).rejects.toThrow('does not fit its contract');
  await tick();
  expect(said[0]?.facts).toHaveLength(1);
  said[0]?.confirm();
  await good;
});
