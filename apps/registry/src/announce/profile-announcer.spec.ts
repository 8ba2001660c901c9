// What is said of changed profiles and limits, and what it follows from.
import { InMemoryEventStore } from '@evenkeel/event-store';
import { eventually } from '@evenkeel/testkit';
import { MirrorDesk } from '../mirror/mirror-desk';
import { call, install, notice, profile } from '../smart-charging/station-under-test';
import { profileRelay } from './profile-announcer';

async function saidAfter(minutesLater: number, ...news: Parameters<MirrorDesk['note']>[1][]): Promise<unknown[]> {
  const store = new InMemoryEventStore();
  const mirror = new MirrorDesk(store);
  for (const [index, each] of news.entries()) await mirror.note('CP1', each, { cause: `cause-${index}` });
  const said: unknown[] = [];
  const relay = profileRelay({
    store,
    publisher: { say: async (name, party, message) => void said.push([name, party, message]) },
    stations: { find: async () => ({ registered: { party: 'US-CHG' } }) as never },
    now: () => Date.now() + minutesLater * 60_000,
    onFailure: (error) => said.push(error),
  });
  await relay.start();
  await eventually(async () => ((await store.readLast('checkpoint-registry-profiles')) ? true : undefined));
  await relay.stop();
  return said;
}

const changed = (cause: string) => [
  'chargingProfilesChanged',
  'US-CHG',
  { party: 'US-CHG', stationId: 'CP1', changedAt: expect.stringMatching(/^\d{4}-/), cause },
];
const set = install(1, profile('TxDefaultProfile', 7_000));
const limit = notice('NotifyChargingLimit', { evseId: 1, chargingLimit: { chargingLimitSource: 'EMS' } });

it('is each profile that is set or taken back, and each limit from outside', async () => {
  const cleared = call('ClearChargingProfile', { chargingProfileCriteria: { evseId: 1 } });
  expect(await saidAfter(0, set, limit, cleared)).toEqual([changed('cause-0'), changed('cause-1'), changed('cause-2')]);
});

it('is nothing else, and no repetition', async () => {
  const read = call('GetCompositeSchedule', { evseId: 1, duration: 60 });
  expect(await saidAfter(0, set, set, read)).toEqual([changed('cause-0')]);
});

it('is no old news', async () => {
  expect(await saidAfter(6, set, limit)).toEqual([]);
});
