import { Problem, type StationCommand } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import { type BootNews, INVENTORY } from './inventory';
import { InventoryDesk } from './inventory-desk';

const AT = '2026-03-01T10:00:00.000Z';
const boot: BootNews = { vendor: 'Acme', model: 'Duo', firmwareVersion: '1.0', version: '2.0.1', cause: 'boot-1' };

/** Stations that are connected, and a command desk that makes the same cause one command. */
function underTest(stationIds: readonly string[] = ['CP1']) {
  const mirror = new MirrorDesk(new InMemoryEventStore());
  const it = {
    asked: [] as string[],
    causes: new Set<string>(),
    away: false,
    disconnected: new Set<string>(),
    failures: [] as unknown[],
    mirror,
  };
  const command = (action: string, cause: string) => {
    if (it.causes.has(cause)) return Promise.resolve({ status: 'not-sent' } as Partial<StationCommand> as StationCommand);
    it.causes.add(cause);
    if (it.away) return Promise.reject(new Problem('offline', 'the station is not connected'));
    it.asked.push(action);
    return Promise.resolve({ status: 'done' } as Partial<StationCommand> as StationCommand);
  };
  const statusOf = async (stationId: string) => (await mirror.knownOf(stationId)).get(INVENTORY.kind, INVENTORY.key)?.status;
  const desk = () =>
    new InventoryDesk({
      mirror,
      log: { info: () => undefined, error: (what: unknown) => it.failures.push(what) },
      due: {
        stationsWithDueInventory: async (after, limit) => {
          const keys: string[] = [];
          for (const id of stationIds) if (id > after && (await statusOf(id)) === 'due') keys.push(id);
          return keys.sort().slice(0, limit);
        },
      },
      stations: {
        find: (stationId) => {
          const registered = { stationId, registration: 'accepted' } as StationRow['registered'];
          return Promise.resolve({
            station_key: stationId,
            connected: !it.disconnected.has(stationId),
            registered,
          } as Partial<StationRow> as StationRow);
        },
      },
      commands: {
        say: (_, action, __, { cause }) => command(action, cause),
        callRaw: (_, action, __, { cause }) => command(action, cause),
      },
    });
  const boots = (stationId: string, news: Partial<BootNews> = {}) =>
    mirror.note(stationId, { kind: 'booted', at: AT, ...boot, ...news }, { cause: news.cause ?? boot.cause });
  return { it, desk, boots, statusOf };
}

/** What a look has begun is over when nothing of it is left to do. */
async function look(desk: InventoryDesk): Promise<void> {
  await desk.look(new Date(AT));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('an inventory', () => {
  it('B07.FR.14, N04.FR.19: is asked for once when a station is new, and again when its firmware is another one', async () => {
    const { it, desk, boots } = underTest();
    const inventories = desk();
    await boots('CP1');
    await look(inventories);
    await boots('CP1', { cause: 'boot-2' });
    await look(inventories);
    expect(it.asked).toEqual(['GetBaseReport', 'GetMonitoringReport']);
    await boots('CP1', { cause: 'boot-3', firmwareVersion: '1.1' });
    await look(inventories);
    expect(it.asked).toHaveLength(4);
  });

  it('GetConfiguration: a 1.6 station is asked for all of its keys', async () => {
    const { it, desk, boots } = underTest();
    await boots('CP1', { version: '1.6' });
    await look(desk());
    expect(it.asked).toEqual(['GetConfiguration']);
  });

  it('stays due while the station is away, also after a restart', async () => {
    const { it, desk, boots, statusOf } = underTest();
    await boots('CP1');
    it.disconnected.add('CP1');
    await look(desk());
    expect(await statusOf('CP1')).toBe('due');
    it.disconnected.clear();
    // Gone since it was looked at.
    it.away = true;
    await look(desk());
    expect(await statusOf('CP1')).toBe('due');
    it.away = false;
    await look(desk());
    expect(it.asked).toEqual(['GetBaseReport', 'GetMonitoringReport']);
    expect(await statusOf('CP1')).toBe('asked');
  });

  it('is given up after three attempts, until the next boot', async () => {
    const { it, desk, boots, statusOf } = underTest();
    await boots('CP1');
    it.away = true;
    for (let attempt = 0; attempt < 5; attempt += 1) await look(desk());
    expect(await statusOf('CP1')).toBe('given-up');
    expect(it.causes.size).toBe(3 * 2);
    it.away = false;
    await boots('CP1', { cause: 'boot-2' });
    await look(desk());
    expect(await statusOf('CP1')).toBe('asked');
  });

  it('is asked of five stations a look, and those that are away hold up nobody', async () => {
    const stationIds = Array.from({ length: 308 }, (_, index) => `CP${100 + index}`);
    const { it, desk, boots } = underTest(stationIds);
    for (const stationId of stationIds) await boots(stationId, { cause: stationId, version: '1.6' });
    for (const stationId of stationIds.slice(0, 300)) it.disconnected.add(stationId);
    const inventories = desk();
    const asked = [];
    for (let number = 0; number < 5; number += 1) {
      await look(inventories);
      asked.push(it.asked.length);
    }
    // More than are read at once are away: the second look comes to the others, the third to those that it left over.
    expect(asked).toEqual([0, 5, 8, 8, 8]);
    expect(it.failures).toEqual([]);
  });
});
