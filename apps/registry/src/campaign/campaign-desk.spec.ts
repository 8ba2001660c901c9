import { type Campaign, type CampaignPlan, Problem, type StationCommand } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { Known } from '../mirror/known';
import type { StationRow } from '../view/registry-tables';
import { CampaignDesk } from './campaign-desk';

const plan: CampaignPlan = {
  campaignId: 'c',
  stations: {},
  firmware: { version: '2.4', location: 'https://firmware.example.com/2.4' },
  canaries: [],
  steps: [100],
  atOnce: 1,
  haltAbovePercent: 0,
};

/** One station, and commands as the command desk keeps them: the same cause is the same command, made once. */
function underTest() {
  const known = new Map<string, StationCommand>();
  const it = { isReachable: true, made: 0, store: new InMemoryEventStore() };
  const row = {
    station_key: 'cp1',
    connected: true,
    connection_changed_at: '2026-03-01T09:00:00.000Z',
    registered: { stationId: 'CP1', registration: 'accepted' } as StationRow['registered'],
    boot: null,
  } as Partial<StationRow> as StationRow;
  const desk = () =>
    new CampaignDesk({
      store: it.store,
      party: 'US-CHG',
      projector: { reached: () => Promise.resolve() },
      view: { get: () => Promise.resolve({} as Partial<Campaign> as Campaign), openIds: () => Promise.resolve(['c']) },
      stations: { find: () => Promise.resolve(row), rowsAfter: () => Promise.resolve([row]) },
      mirror: { knownOf: () => Promise.resolve(new Known()) },
      commands: {
        operate: (_, __, ___, { cause }) => {
          const before = known.get(cause);
          if (before) return Promise.resolve(before);
          const status = it.isReachable ? ('accepted' as const) : ('not-sent' as const);
          const made = { commandId: cause, status, calls: [{ action: 'UpdateFirmware', request: { requestId: 7 } }] };
          known.set(cause, made as Partial<StationCommand> as StationCommand);
          if (!it.isReachable) return Promise.reject(new Problem('offline', 'the station is not connected'));
          it.made += 1;
          return Promise.resolve(made as Partial<StationCommand> as StationCommand);
        },
      },
    });
  return { it, desk };
}

const minute = (number: number) => new Date(Date.parse('2026-03-01T10:00:00.000Z') + number * 60_000);

describe('a campaign', () => {
  it('tells a station again that could not be reached, also on the same connection', async () => {
    const { it, desk } = underTest();
    const campaigns = desk();
    await campaigns.begin(plan, { cause: 'x' });
    it.isReachable = false;
    await campaigns.look(minute(0));
    await campaigns.look(minute(1));
    it.isReachable = true;
    await campaigns.look(minute(2));
    expect(it.made).toBe(1);
  });

  it('goes on after a restart, and tells nobody twice', async () => {
    const { it, desk } = underTest();
    await desk().begin(plan, { cause: 'x' });
    await desk().look(minute(0));
    await desk().look(minute(1));
    expect(it.made).toBe(1);
  });

  it('refuses steps that do not rise to 100', async () => {
    const { desk } = underTest();
    for (const steps of [[50], [50, 20, 100], [100, 100]]) {
      await expect(desk().begin({ ...plan, steps }, { cause: 'x' })).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});
