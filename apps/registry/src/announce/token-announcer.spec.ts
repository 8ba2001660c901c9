// What is said of tokens: each of ours that is new or changed, and nothing of what partners send.
import { InMemoryEventStore } from '@evenkeel/event-store';
import { eventually } from '@evenkeel/testkit';
import type { IdentityEvent, SealedToken } from '../identity/identity';
import { tokenRelay } from './token-announcer';

const token = (party: string, key: string): SealedToken => ({
  ...{ party, key: key.repeat(32), type: 'RFID', lastUpdated: '2026-03-01T00:00:00.000Z' },
  ...{ digest: key, sealed: { keys: ['k'], text: key } },
});

it('says which of our tokens are new or changed, and completes erasures', async () => {
  const store = new InMemoryEventStore();
  const said: unknown[] = [];
  const forgotten: string[] = [];
  const erased: string[] = [];
  const publisher = { say: async (name: string, _party: string, message: unknown) => void said.push([name, message]) };
  const desk = {
    forget: async (stream: string) => void forgotten.push(stream),
    completeErasure: async (stream: string) => {
      erased.push(stream);
      return undefined;
    },
  };
  const relay = tokenRelay(store, publisher, desk, 'US-CHG', (error) => {
    throw error;
  });
  const stored: [string, IdentityEvent][] = [
    ['token-1', { type: 'TokenRegistered', data: token('US-CHG', '1') }],
    ['token-2', { type: 'TokenReceived', data: token('US-MOB', '2') }],
    // As it was stored before what partners send had a name of its own.
    ['token-3', { type: 'TokenRegistered', data: token('US-MOB', '3') }],
    ['token-4', { type: 'TokenErased', data: token('US-MOB', '4') }],
    ['driver-1', { type: 'DriverErased', data: { party: 'US-CHG' } }],
    ['token-5', { type: 'TokenChanged', data: token('US-CHG', '5') }],
  ];
  for (const [index, [stream, event]] of stored.entries()) await store.append(stream, 'no-stream', [{ id: `${index}`, ...event }]);
  await relay.start();
  await eventually(() => said.length === 2);
  await relay.stop();
  const told = (key: string) => {
    const { party, type, lastUpdated, key: reference } = token('US-CHG', key);
    return ['tokenChanged', { token: { party, key: reference, type }, lastUpdated }];
  };
  expect(said).toEqual([told('1'), told('5')]);
  expect({ forgotten, erased }).toEqual({ forgotten: ['token-4'], erased: ['driver-1'] });
});
