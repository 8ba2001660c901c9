// What many stations are told at once.
import { eventually } from '@evenkeel/testkit';
import type { HeardCall, MinimalStation, Payload, Version } from './minimal-station';
import { boot, modest, START_MS, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.start({ registry: { FLEET_LOOK_MS: '200' } });
}, START_MS);
afterAll(() => system?.stop(), 60_000);
afterEach(async () => expect(await system.endCase()).toEqual([]));

const card = (uid: string, more: Payload = {}) =>
  system.rest.post('/tokens', { uid, type: 'RFID', contractId: `C-${uid}`, issuer: 'Chargem', valid: true, whitelist: 'ALWAYS', ...more });

/** Of a SendLocalList, in the words of its version. */
function said(version: Version, payload: Payload): [unknown, unknown, string] {
  const entries = (payload.localAuthorizationList ?? []) as {
    idTag?: string;
    idTagInfo?: object;
    idToken?: { idToken: string };
    idTokenInfo?: object;
  }[];
  const names = entries.map(
    ({ idTag, idTagInfo, idToken, idTokenInfo }) => `${(idTagInfo ?? idTokenInfo) ? '+' : '-'}${idTag ?? idToken?.idToken}`,
  );
  return [version === '1.6' ? payload.listVersion : payload.versionNumber, payload.updateType, names.sort().join(' ')];
}

async function sent(station: MinimalStation, answer = 'Accepted') {
  return said(station.version, await station.obey('SendLocalList', { status: answer }));
}

describe.each(['1.6', '2.0.1', '2.1'] as const)('OCPP %s', (version: Version) => {
  it('C6-04, TC_D_01-04, TC_D_08: the local list is full first, differs then, is full again after a mismatch, and loses what is not good', async () => {
    const group = system.newName('G');
    const [a, b] = [system.newName('LLA'), system.newName('LLB')];
    await card(a, { groupId: group });
    const station = await system.newStation(version);
    await system.rest.post('/local-lists', { listId: group, stations: { stationIds: [station.stationId] }, tokenGroups: [group] });
    await station.obey('GetLocalListVersion', version === '1.6' ? { listVersion: 0 } : { versionNumber: 0 });
    expect(await sent(station)).toEqual([1, 'Full', `+${a}`]);
    await card(b, { groupId: group });
    expect(await sent(station, 'VersionMismatch')).toEqual([2, 'Differential', `+${b}`]);
    expect(await sent(station)).toEqual([3, 'Full', [`+${a}`, `+${b}`].sort().join(' ')]);
    await card(a, { groupId: group, valid: false });
    expect(await sent(station)).toEqual([4, 'Differential', `-${a}`]);
    const path = `/station-local-lists?stationId=${station.stationId}`;
    const list = await eventually(async () => {
      const { items } = await system.rest.get<{ items: Payload[] }>(path);
      return items[0]?.version === 4 && items[0];
    });
    expect(list).toMatchObject({ stationId: station.stationId, version: 4, entries: 1, status: 'accepted' });
  });

  it('a template is compared with what a station has, and set at its boot where it differs', async () => {
    const templateId = system.newName('T');
    const keeper = { value: '60', refuses: true };
    const station = await system.newStation(version, {}, { manners: (call) => modest(call) ?? intervalOf(keeper, call) });
    const wanted = { component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', value: '300' };
    const template = { templateId, stations: { stationIds: [station.stationId] }, variables: [wanted], applyAtBoot: true };
    await system.rest.post('/configuration-templates', template);
    const drift = async (status: string) => {
      const { items } = await system.rest.get<{ items: { variables: Payload[] }[] }>(
        `/configuration-templates/${templateId}/drift?status=${status}`,
      );
      return items[0]?.variables[0];
    };
    const key = 'OCPPCommCtrlr/HeartbeatInterval';
    await boot(station);
    expect(await eventually(() => drift('refused'))).toEqual({ key, wanted: '300', actual: '60', status: 'refused' });
    keeper.refuses = false;
    expect(await system.rest.post(`/configuration-templates/${templateId}/apply`, {})).toEqual({ stations: [station.stationId] });
    await eventually(() => drift('in-step'));
    expect(keeper.value).toBe('300');
    keeper.value = '60';
    await boot(station);
    await eventually(() => keeper.value === '300');
  });
});

/** A station that has one variable, and answers what is asked of it. */
function intervalOf(keeper: { value: string; refuses: boolean }, { action, payload }: HeardCall): Payload | undefined {
  const name = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
  const set = (value: unknown) => {
    if (!keeper.refuses) keeper.value = String(value);
    return keeper.refuses ? 'Rejected' : 'Accepted';
  };
  switch (action) {
    case 'GetConfiguration':
      return { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: keeper.value }] };
    case 'ChangeConfiguration':
      return { status: set(payload.value) };
    case 'GetVariables':
      return { getVariableResult: [{ ...name, attributeStatus: 'Accepted', attributeValue: keeper.value }] };
    case 'SetVariables': {
      const [{ attributeValue }] = payload.setVariableData as [{ attributeValue: string }];
      return { setVariableResult: [{ ...name, attributeStatus: set(attributeValue) }] };
    }
    default:
      return undefined;
  }
}
