import { Problem, type StationCommand, type TokenRecord } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { Known } from '../mirror/known';
import type { StationRow } from '../view/registry-tables';
import { isListable, type Listed, type ListMessage } from './list-parts';
import { LocalListDesk } from './local-list-desk';

const START = Date.parse('2026-03-01T10:00:00.000Z');
const minute = (number: number) => new Date(START + number * 60_000);
const token = (uid: string, changes: Partial<TokenRecord> = {}): TokenRecord => ({
  party: 'US-CHG',
  uid,
  type: 'RFID',
  contractId: 'C',
  issuer: 'I',
  valid: true,
  whitelist: 'ALWAYS',
  lastUpdated: '2026-01-01T00:00:00.000Z',
  ...changes,
});

/** A station that keeps its list as told, and answers as a case wants. */
function underTest({ version = '2.0.1', itemsPerMessage }: { version?: string; itemsPerMessage?: number } = {}) {
  const known = new Known();
  if (itemsPerMessage !== undefined) {
    const document = { variableAttribute: [{ value: String(itemsPerMessage) }] };
    known.apply({ kind: 'variable', put: [['LocalAuthListCtrlr/ItemsPerMessage', document]], removed: [] });
  }
  const it = {
    tokens: [] as TokenRecord[],
    erased: new Set<string>(),
    has: { version: 0 },
    sent: [] as ListMessage[],
    asked: 0,
    causes: new Set<string>(),
    answer: (_: ListMessage): string => 'Accepted',
    station: {
      station_key: 'cp1',
      ocpp_version: version,
      connection_changed_at: '2026-03-01T09:59:00.000Z',
      registered: { stationId: 'CP1', party: 'US-CHG', locationId: 'L1', registration: 'accepted' } as StationRow['registered'],
      boot: null,
    } as Partial<StationRow> as StationRow,
    plans: [{ listId: 'all', stations: { locationIds: ['L1'] } }] as { listId: string; stations: object; tokenGroups?: string[] }[],
    revision: 0,
  };
  const keyOf = ({ uid }: TokenRecord) => `key-of-${uid}`;
  const store = new InMemoryEventStore();
  const command = (status: StationCommand['status'], answer: object, detail?: string) =>
    Promise.resolve({
      status,
      calls: [{ action: '', request: {}, answer }],
      ...(detail ? { detail } : {}),
    } as Partial<StationCommand> as StationCommand);
  const desk = () =>
    new LocalListDesk({
      store,
      mirror: { knownOf: () => Promise.resolve(known) },
      fleet: {
        all: (() => Promise.resolve(it.plans)) as never,
        stationsWithLists: () => Promise.resolve(new Set(it.sent.length > 0 ? ['cp1'] : [])),
      },
      stations: { connected: () => Promise.resolve([it.station]) },
      roster: {
        get revision() {
          return it.revision;
        },
        listable: (at) =>
          Promise.resolve(
            it.tokens.filter((each) => isListable(each, 'US-CHG', at)).map((each): Listed => ({ key: keyOf(each), token: each })),
          ),
        uidsOf: () => Promise.resolve(new Map(it.tokens.filter(({ uid }) => !it.erased.has(uid)).map((each) => [keyOf(each), each.uid]))),
      },
      commands: {
        say: (_, action, request, { cause }) => {
          expect(it.causes).not.toContain(cause);
          it.causes.add(cause);
          const note = (versionNumber: number) => known.apply({ kind: 'local-list', put: [['list', { versionNumber }]], removed: [] });
          if (action === 'GetLocalListVersion') {
            it.asked += 1;
            note(it.has.version);
            return command('done', { versionNumber: it.has.version });
          }
          const message = request as ListMessage;
          it.sent.push(message);
          const status = it.answer(message);
          if (status === 'silence') return command('unknown', {});
          if (status === 'offline') return Promise.reject(new Problem('offline', 'the station is not connected'));
          if (status !== 'Accepted') return command('rejected', { status }, status);
          it.has.version = message.versionNumber;
          note(message.versionNumber);
          return command('done', { status });
        },
      },
    });
  return { it, store, desk };
}

const said = ({ updateType, versionNumber, localAuthorizationList = [] }: ListMessage) => [
  updateType,
  versionNumber,
  localAuthorizationList.map(({ idToken, idTokenInfo }) => (idTokenInfo ? `+${idToken.idToken}` : `-${idToken.idToken}`)).join(' '),
];

describe('the local list of a station', () => {
  it('D01.FR.01: is full at first and then a difference against what the station has accepted', async () => {
    const { it, desk } = underTest();
    const lists = desk();
    it.tokens = [token('A'), token('B')];
    await lists.look(minute(0));
    it.tokens = [
      token('A', { lastUpdated: '2026-03-01T10:00:30.000Z', expiresAt: '2026-05-01T00:00:00.000Z' }),
      token('C'),
      token('B', { valid: false }),
    ];
    await lists.look(minute(1));
    await lists.look(minute(2));
    expect(it.sent.map(said)).toEqual([
      ['Full', 1, '+A +B'],
      ['Differential', 2, '-B +A +C'],
    ]);
    expect(it.sent[1]?.localAuthorizationList?.[1]?.idTokenInfo).toEqual({
      status: 'Accepted',
      cacheExpiryDateTime: '2026-05-01T00:00:00.000Z',
    });
    expect(it.asked).toBe(1);
  });

  it('D01.FR.11: goes in as many messages as the station can take, each with a newer version', async () => {
    const { it, desk } = underTest({ itemsPerMessage: 2 });
    it.tokens = ['A', 'B', 'C', 'D', 'E'].map((uid) => token(uid));
    await desk().look(minute(0));
    expect(it.sent.map(said)).toEqual([
      ['Full', 1, '+A +B'],
      ['Differential', 2, '+C +D'],
      ['Differential', 3, '+E'],
    ]);
  });

  it.each(['VersionMismatch', 'Failed'])(
    'D01.FR.03, C6-04: after %s of a difference the full list follows, and after that of a full list nothing for a while',
    async (no) => {
      const { it, desk } = underTest();
      const lists = desk();
      it.tokens = [token('A')];
      await lists.look(minute(0));
      it.tokens = [token('A'), token('B')];
      it.answer = () => no;
      await lists.look(minute(1));
      await lists.look(minute(2));
      expect(it.sent.slice(1).map(said)).toEqual([
        ['Differential', 2, '+B'],
        ['Full', 3, '+A +B'],
      ]);
      it.answer = () => 'Accepted';
      await lists.look(minute(17));
      expect(it.sent.slice(3).map(said)).toEqual([['Full', 4, '+A +B']]);
    },
  );

  it('O-9: what was not answered is unknown, so that the full list follows under another version', async () => {
    const { it, desk } = underTest();
    const lists = desk();
    it.tokens = [token('A')];
    await lists.look(minute(0));
    it.tokens = [token('A'), token('B')];
    it.answer = () => 'silence';
    await lists.look(minute(1));
    it.answer = () => 'Accepted';
    await lists.look(minute(2));
    expect(it.sent.slice(1).map(said)).toEqual([
      ['Differential', 2, '+B'],
      ['Full', 3, '+A +B'],
    ]);
  });

  it('D02, C6-04: is sent whole to a station that says another version than it had, once it connects again', async () => {
    const { it, desk } = underTest();
    it.tokens = [token('A')];
    await desk().look(minute(0));
    it.has.version = 0;
    it.station.connection_changed_at = minute(1).toISOString();
    // Another process, which knows what is stored.
    await desk().look(minute(2));
    expect(it.sent.map(said)).toEqual([
      ['Full', 1, '+A'],
      ['Full', 2, '+A'],
    ]);
  });

  it('C6-04: is none where the station keeps none', async () => {
    const { it, desk } = underTest({ version: '1.6' });
    it.tokens = [token('A')];
    it.has.version = -1;
    const lists = desk();
    await lists.look(minute(0));
    await lists.look(minute(5));
    expect([it.sent, it.asked]).toEqual([[], 1]);
  });

  it('is sent whole, without it, when a token leaves whose number nobody may know any more', async () => {
    const { it, desk } = underTest();
    const lists = desk();
    it.tokens = [token('A'), token('B')];
    await lists.look(minute(0));
    it.tokens = [token('A'), token('B', { valid: false })];
    it.erased.add('B');
    await lists.look(minute(1));
    expect(it.sent.slice(1).map(said)).toEqual([['Full', 2, '+A']]);
  });

  it('loses a token when its time is over, and ends when no plan means the station any more', async () => {
    const { it, desk } = underTest();
    const lists = desk();
    it.tokens = [token('A', { expiresAt: minute(3).toISOString() }), token('B')];
    await lists.look(minute(0));
    await lists.look(minute(4));
    it.plans = [];
    await lists.look(minute(5));
    expect(it.sent.slice(1).map(said)).toEqual([
      ['Differential', 2, '-A'],
      ['Differential', 3, '-B'],
    ]);
  });

  it('holds our own cards that may be accepted offline, of the groups of its plan, that the station can be told', async () => {
    const { it, desk } = underTest({ version: '1.6' });
    it.plans = [{ listId: 'g', stations: {}, tokenGroups: ['G'] }];
    it.tokens = [
      token('A', { groupId: 'G' }),
      token('B', { groupId: 'G', whitelist: 'ALLOWED_OFFLINE' }),
      token('C'),
      token('D', { groupId: 'G', whitelist: 'NEVER' }),
      token('E', { groupId: 'G', party: 'US-MOB' }),
      token('F', { groupId: 'G', type: 'APP_USER' }),
      token('LONGER-THAN-TWENTY-CHARS', { groupId: 'G' }),
    ];
    await desk().look(minute(0));
    expect(it.sent.map(said)).toEqual([['Full', 1, '+A +B']]);
  });

  it('keeps nobody in clear', async () => {
    const { it, store, desk } = underTest();
    it.tokens = [token('VERY-PERSONAL')];
    const append = jest.spyOn(store, 'append');
    await desk().look(minute(0));
    expect(append).toHaveBeenCalled();
    expect(JSON.stringify(append.mock.calls.map(([, , events]) => events.map(({ data }) => data)))).not.toContain('"VERY-PERSONAL"');
    expect(JSON.stringify(append.mock.calls)).toContain('key-of-VERY-PERSONAL');
  });

  it('waits for a station that is gone', async () => {
    const { it, desk } = underTest();
    const lists = desk();
    it.tokens = [token('A')];
    it.answer = () => 'offline';
    await lists.look(minute(0));
    it.answer = () => 'Accepted';
    it.station.connection_changed_at = minute(0.1).toISOString();
    await lists.look(minute(0.2));
    expect(it.sent.map(said)).toEqual([
      ['Full', 1, '+A'],
      ['Full', 2, '+A'],
    ]);
  });
});
