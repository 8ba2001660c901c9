import { idOf, type NeutralCall, Problem, type Reply, type Request, type StationCommand, type StationFact } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { Known } from '../mirror/known';
import { chargingKnowledgeOf } from '../smart-charging/charging-knowledge';
import type { StationRow } from '../view/registry-tables';
import { afterCommandEvent, commandCodec, commandStreamPrefix, isOpen } from './command';
import { CommandDesk, type CommandDeskParts } from './command-desk';

type Call = Request<'callStation'>['call'];
type Outcome = Reply<'callStation'>;

const station = {
  station_key: 'cp1',
  ocpp_version: '2.0.1',
  registered: { stationId: 'CP1', party: 'US-CHG' } as StationRow['registered'],
} as Partial<StationRow> as StationRow;
const context = { cause: 'c', operator: 'ada' };

/** A desk over a store in memory, a station that answers as told, and commands read back from the store. */
function desk(answer: (call: Call) => Outcome | Problem, version = '2.0.1') {
  const store = new InMemoryEventStore();
  const calls: Call[] = [];
  const answered: NeutralCall[] = [];
  /** Intended, and what became of each. */
  const passwords: string[] = [];
  const all = async (): Promise<StationCommand[]> => {
    const commands: StationCommand[] = [];
    for (const stream of new Set(streams)) {
      let known: StationCommand | undefined;
      for (const stored of await store.read(stream)) known = afterCommandEvent(known, commandCodec.decode(stored));
      if (known) commands.push(known);
    }
    return commands;
  };
  const streams: string[] = [];
  const watched = Object.create(store) as InMemoryEventStore;
  watched.append = (stream, ...rest) => {
    streams.push(stream);
    return store.append(stream, ...rest);
  };
  const view = {
    openOf: async () => (await all()).filter(isOpen),
    openSince: async () => (await all()).filter(isOpen),
  };
  const parts: CommandDeskParts = {
    store: watched,
    requester: {
      callStation: (({ call }: Request<'callStation'>) => {
        calls.push(call);
        const outcome = answer(call);
        return outcome instanceof Problem ? Promise.reject(outcome) : Promise.resolve(outcome);
      }) as CommandDeskParts['requester']['callStation'],
    },
    projector: { reached: () => Promise.resolve() },
    stations: { find: (id) => Promise.resolve(id.toLowerCase() === 'cp1' ? { ...station, ocpp_version: version } : undefined) },
    view,
    abilities: {
      abilitiesOf: () =>
        Promise.resolve({
          version,
          getVariablesAtOnce: 4,
          setVariablesAtOnce: 2,
          setMonitorsAtOnce: 2,
          clearMonitorsAtOnce: 2,
          localListVersion: 3,
          networkSlot: 1,
          securityProfile: 2,
          charging: chargingKnowledgeOf(new Known(), [], version),
        }),
    },
    credentials: {
      intendPasswordChange: (intended) => {
        passwords.push(intended.password);
        return Promise.resolve();
      },
      settlePasswordChange: ({ outcome }) => {
        passwords.push(outcome);
        return Promise.resolve();
      },
    },
    mask: (payload) => JSON.parse(JSON.stringify(payload).replaceAll('04CARD', 'KEY').replaceAll('top-secret', '***')),
    onAnswered: (_, call) => {
      answered.push(call);
      return Promise.resolve();
    },
  };
  return { desk: new CommandDesk(parts), calls, answered, passwords, all };
}

function says(answer: Record<string, unknown>) {
  return ({ action, payload: request }: Call): Outcome => ({
    outcome: 'answered',
    action,
    payload: answer,
    neutral: { action, request, answer },
  });
}

const common = {
  factId: 'f',
  party: 'US-CHG',
  stationId: 'CP1',
  at: '',
  receivedAt: '2026-03-01T10:00:00.000Z',
  messageId: 'm',
  ocppVersion: '2.0.1' as const,
};
const booted: StationFact = { ...common, kind: 'station-booted', vendor: 'V', model: 'M' };
const notice = (action: string, payload: Record<string, unknown>): StationFact => ({
  ...common,
  kind: 'station-notice-reported',
  action,
  payload,
});
const reset = { when: 'now' as const };

describe('a command', () => {
  it('O-9: is stored before anything leaves, without secrets and tokens, and tells who wanted it', async () => {
    const { desk: it, calls, all } = desk(() => new Problem('offline', 'the station is not connected'));
    await expect(it.operate('cp1', 'start', { token: { uid: '04CARD', type: 'RFID' } }, context)).rejects.toMatchObject({
      code: 'offline',
    });
    expect(calls).toMatchObject([{ kind: 'neutral', action: 'RequestStartTransaction', payload: { idToken: { idToken: '04CARD' } } }]);
    expect(await all()).toMatchObject([
      {
        operation: 'start',
        status: 'not-sent',
        requestedBy: 'ada',
        calls: [{ action: 'RequestStartTransaction', request: { idToken: { idToken: 'KEY', type: 'ISO14443' } } }],
      },
    ]);
  });

  it('is not sent twice for the same cause', async () => {
    const { desk: it, calls } = desk(says({ status: 'Accepted' }));
    await it.operate('CP1', 'reset', reset, context);
    await it.operate('CP1', 'reset', reset, context);
    expect(calls).toHaveLength(1);
  });

  it('is accepted by its answer and done by its effect', async () => {
    const { desk: it, all } = desk(says({ status: 'Accepted' }));
    expect(await it.operate('CP1', 'reset', reset, context)).toMatchObject({ status: 'accepted' });
    await it.observe(notice('FirmwareStatusNotification', { status: 'Installed' }));
    expect((await all())[0]?.status).toBe('accepted');
    await it.observe(booted);
    expect((await all())[0]).toMatchObject({ status: 'done', settledAt: common.receivedAt });
  });

  it('is accepted without effect when nothing happens in time', async () => {
    const { desk: it, all } = desk(says({ status: 'Accepted' }));
    const { requestedAt } = await it.operate('CP1', 'reset', reset, context);
    const after = (minutes: number) => new Date(Date.parse(requestedAt) + minutes * 60_000);
    await it.expire(after(9));
    expect((await all())[0]?.status).toBe('accepted');
    await it.expire(after(11));
    expect((await all())[0]).toMatchObject({ status: 'no-effect', detail: 'the station has accepted, and nothing has happened' });
  });

  it.each([
    ['rejected', says({ status: 'Rejected' })],
    ['refused', () => ({ outcome: 'refused', errorCode: 'NotSupported', description: 'no' }) as Outcome],
    ['unknown', () => ({ outcome: 'timeout' }) as Outcome],
    ['unknown', () => new Problem('timeout', 'the gateway did not answer')],
  ] as const)('O-11: is %s, and its station stays as it was', async (status, answer) => {
    const { desk: it } = desk(answer);
    expect(await it.operate('CP1', 'reset', reset, context)).toMatchObject({ status });
  });

  it('that a crash left without an outcome is unknown after a minute', async () => {
    const { desk: it, all } = desk(() => {
      throw new Error('crash');
    });
    await expect(it.operate('CP1', 'reset', reset, context)).rejects.toThrow('crash');
    await it.expire(new Date(Date.now() + 30_000));
    expect((await all())[0]?.status).toBe('requested');
    await it.expire(new Date(Date.now() + 61_000));
    expect((await all())[0]).toMatchObject({ status: 'unknown' });
  });

  it('C2-01: variables are asked for and set as many at a time as the station takes', async () => {
    const { desk: it, calls } = desk(says({}));
    const variables = Array.from({ length: 10 }, (_, index) => ({ component: 'C', variable: `V${index}` }));
    const read = await it.operate('CP1', 'read-configuration', { variables }, { cause: 'read' });
    expect(read).toMatchObject({ status: 'done' });
    const five = variables.slice(0, 5).map((each) => ({ ...each, value: '1' }));
    await it.operate('CP1', 'configure', { variables: five }, { cause: 'set' });
    const sizes = calls.map(({ payload }) => [(payload.getVariableData as [])?.length, (payload.setVariableData as [])?.length]);
    expect(sizes).toEqual([[4], [4], [2], [undefined, 2], [undefined, 2], [undefined, 1]].map(([a, b]) => [a, b]));
  });

  it('O-4: a raw call of OCPP 1.6 has its effect too, also when that is seen before its answer', async () => {
    const started: StationFact = {
      ...common,
      ocppVersion: '1.6',
      kind: 'transaction-reported',
      phase: 'started',
      transactionId: '7',
      evseId: 1,
      token: { key: 'KEY', type: 'RFID' },
      samples: [],
    };
    const observed: Promise<void>[] = [];
    const { desk: it, all } = desk(({ action }) => {
      observed.push(it.observe(started));
      return {
        outcome: 'answered',
        action,
        payload: { status: 'Accepted' },
        neutral: { action: 'RequestStartTransaction', request: {}, answer: { status: 'Accepted' } },
      };
    }, '1.6');
    await it.callRaw('CP1', 'RemoteStartTransaction', { idTag: '04CARD', connectorId: 1 }, context);
    await Promise.all(observed);
    expect((await all())[0]).toMatchObject({ status: 'done', calls: [{ action: 'RemoteStartTransaction', request: { idTag: 'KEY' } }] });
  });

  describe('that changes a password', () => {
    const variable = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
    const result = (attributeStatus: string) => says({ setVariableResult: [{ ...variable, attributeStatus }] });
    const password = 'new-password-0123';

    it.each([
      ['accepted', result('Accepted')],
      ['refused', result('Rejected')],
      ['unconfirmed', result('RebootRequired')],
      ['refused', () => ({ outcome: 'refused', errorCode: 'NotSupported', description: '' }) as Outcome],
      ['unconfirmed', () => ({ outcome: 'timeout' }) as Outcome],
    ] as const)('RPC-35, RPC-36: it is known before it leaves, and then %s', async (outcome, answer) => {
      const under = desk((call) => {
        expect(under.passwords).toEqual([password]);
        return answer(call);
      });
      const { desk: it, passwords } = under;
      await it.operate('CP1', 'change-password', { password }, context);
      expect(passwords).toEqual([password, outcome]);
    });

    it('RPC-36: what was not sent changes nothing', async () => {
      const { desk: it, passwords } = desk(() => new Problem('offline', 'the station is not connected'));
      await expect(it.operate('CP1', 'change-password', { password }, context)).rejects.toMatchObject({ code: 'offline' });
      expect(passwords).toEqual([password, 'refused']);
    });

    it('RPC-34: one that is made has characters that every station takes', async () => {
      const { desk: it, calls, passwords } = desk(result('Accepted'));
      await it.operate('CP1', 'change-password', {}, context);
      expect(passwords[0]).toMatch(/^[A-Za-z0-9_-]{20}$/);
      expect(calls[0]?.payload).toMatchObject({ setVariableData: [{ attributeValue: passwords[0] }] });
    });

    it('C6-07: a raw change of the key is one too', async () => {
      const { desk: it, passwords } = desk(
        ({ action }) => ({
          outcome: 'answered',
          action,
          payload: { status: 'Accepted' },
          neutral: { action: 'SetVariables', request: {}, answer: { setVariableResult: [{ ...variable, attributeStatus: 'Accepted' }] } },
        }),
        '1.6',
      );
      await it.callRaw('CP1', 'ChangeConfiguration', { key: 'AuthorizationKey', value: '00112233445566778899aabbccddeeff' }, context);
      expect(passwords).toEqual(['00112233445566778899aabbccddeeff', 'accepted']);
    });
  });

  it.each(['2.0.1', '2.1'])(
    'RPC-97: a network profile goes neither into the slot in use nor below the security profile, OCPP %s',
    async (version) => {
      const { desk: it, calls, all } = desk(says({ status: 'Accepted' }), version);
      const profile = { slot: 2, url: 'wss://ocpp.example.com/', securityProfile: 2, interface: 'Wired0' };
      const refused = { code: 'conflict' };
      await expect(it.operate('CP1', 'set-network-profile', { ...profile, slot: 1 }, context)).rejects.toMatchObject(refused);
      await expect(it.operate('CP1', 'set-network-profile', { ...profile, securityProfile: 1 }, context)).rejects.toMatchObject(refused);
      const raw = { configurationSlot: 1, connectionData: { securityProfile: 3 } };
      await expect(it.callRaw('CP1', 'SetNetworkProfile', raw, context)).rejects.toMatchObject(refused);
      expect([calls, await all()]).toEqual([[], []]);
      expect((await it.operate('CP1', 'set-network-profile', profile, context)).status).toBe('done');
      expect(calls).toMatchObject([{ action: 'SetNetworkProfile', payload: { configurationSlot: 2 } }]);
    },
  );

  it('refuses an operation that there is not, and parameters that do not fit', async () => {
    const { desk: it, calls } = desk(says({}));
    await expect(it.operate('CP1', 'dance', {}, context)).rejects.toMatchObject({ code: 'not-found' });
    await expect(it.operate('CP1', 'reset', { when: 'later' }, context)).rejects.toMatchObject({ code: 'invalid' });
    await expect(it.operate('CP9', 'reset', reset, context)).rejects.toMatchObject({ code: 'not-found' });
    expect(calls).toEqual([]);
  });

  it('has a stream of its own that its cause names', async () => {
    const { desk: it } = desk(says({ status: 'Accepted' }));
    const { commandId } = await it.operate('CP1', 'clear-cache', {}, context);
    expect(`${commandStreamPrefix}${commandId}`).toBe(`command-${idOf('command', 'US-CHG', 'cp1', 'c', 'ClearCache')}`);
  });
});
