// What many stations are told at once.
import type { Campaign } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/testkit';
import type { HeardCall, MinimalStation, Payload, Version } from './minimal-station';
import { boot, minutesAgo, modest, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const card = (uid: string, more: Payload = {}) =>
  system.rest.post<{ key: string }>('/tokens', {
    uid,
    type: 'RFID',
    contractId: `C-${uid}`,
    issuer: 'Chargem',
    valid: true,
    whitelist: 'ALWAYS',
    ...more,
  });

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

  it('C6-06, TC_044, TC_L_01: a campaign updates the canary, then those that connect, and halts when one fails', async () => {
    const campaignId = system.newName('C');
    const firmware = { version: '2.0', location: 'https://firmware.example.com/2.0' };
    const canary = await system.newStation(version);
    const second = await system.newStation(version);
    const third = await system.newStation(version);
    const stationIds = [second, third].map(({ stationId }) => stationId);
    const begun = await system.rest.post<Campaign>('/firmware-campaigns', {
      campaignId,
      stations: { stationIds },
      firmware,
      canaries: [canary.stationId],
      steps: [100],
      atOnce: 2,
      haltAbovePercent: 0,
    });
    expect(begun).toMatchObject({ status: 'running', total: 3, stepPercent: 0 });
    const campaign = () => system.rest.get<Campaign>(`/firmware-campaigns/${campaignId}`);
    const firmwareStatus = (station: MinimalStation, payload: Payload, status: string) =>
      station.ask('FirmwareStatusNotification', version === '1.6' ? { status } : { status, requestId: payload.requestId });
    const answer = version === '1.6' ? {} : { status: 'Accepted' };
    const asked = await canary.obey('UpdateFirmware', answer);
    expect(version === '1.6' ? asked : asked.firmware).toMatchObject({ location: firmware.location });
    await firmwareStatus(canary, asked, 'Installed');
    await eventually(async () => (await campaign()).updating === 1);
    expect([second, third].map(({ unanswered }) => unanswered)).toEqual([[], []]);
    await boot(canary, bootWith(version, firmware.version));
    const two = await second.obey('UpdateFirmware', answer);
    await third.obey('UpdateFirmware', answer);
    await eventually(async () => {
      const { updated, updating } = await campaign();
      return updated === 1 && updating === 2;
    });
    await firmwareStatus(second, two, 'DownloadFailed');
    const halted = await eventually(async () => {
      const found = await campaign();
      return found.status === 'halted' && found;
    });
    expect(halted).toMatchObject({ updated: 1, failed: 1, updating: 1 });
    await boot(third, bootWith(version, firmware.version));
    await eventually(async () => (await campaign()).status === 'done');
    const { items } = await system.rest.get<{ items: Payload[] }>(`/firmware-campaigns/${campaignId}/stations?status=failed`);
    expect(items).toMatchObject([{ stationId: second.stationId, detail: 'DownloadFailed' }]);
  });
});

describe.each(['2.0.1', '2.1'] as const)('OCPP %s, a customer', (version: Version) => {
  it('C2-07, TC_N_27, TC_N_46: is told of in parts, to admins, is off the list when cleared, and is gone with the token', async () => {
    const uid = system.newName('CUS');
    const { key } = await card(uid);
    const station = await system.newStation(version);
    const idToken = { idToken: uid, type: 'ISO14443' };
    const listing = system.operate(station.stationId, 'send-local-list', { tokens: [{ uid, type: 'RFID' }] });
    await station.obey('SendLocalList');
    expect((await listing).status).toBe('done');
    const asking = system.operate(station.stationId, 'customer-information', { report: true, clear: true, token: { uid, type: 'RFID' } });
    const { requestId, ...asked } = await station.obey('CustomerInformation');
    expect(asked).toEqual({ report: true, clear: true, idToken });
    const update = await station.obey('SendLocalList');
    expect(update).toEqual({ versionNumber: 2, updateType: 'Differential', localAuthorizationList: [{ idToken }] });
    const { commandId, status } = await asking;
    expect(status).toBe('done');
    const path = `/stations/${station.stationId}/customer-information/${requestId}`;
    const part = (seqNo: number, data: string, tbc: boolean) =>
      station.ask('NotifyCustomerInformation', { requestId, seqNo, data, tbc, generatedAt: minutesAgo(0) });
    expect(await part(1, 'lives in Oakland', false)).toEqual({});
    expect(await system.rest.get(path)).toMatchObject({ complete: false });
    await part(0, 'Ada ', true);
    await part(0, 'Ada ', true);
    await part(1, 'lives in Oakland', false);
    expect(await system.rest.get(path)).toMatchObject({ complete: true, text: 'Ada lives in Oakland' });
    expect(JSON.stringify(await system.command(commandId))).not.toContain(uid);
    expect(await station.ask('NotifyCustomerInformation', { requestId: 5, seqNo: 0, data: 'x', generatedAt: minutesAgo(0) })).toEqual({});
    await expect(system.rest.get(`/stations/${station.stationId}/customer-information/5`)).rejects.toThrow('404');
    await system.rest.delete(`/tokens/US-CHG/RFID/${key}`);
    await expect(system.rest.get(path)).rejects.toThrow('404');
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

function bootWith(version: Version, firmwareVersion: string): Payload {
  return version === '1.6' ? { firmwareVersion } : { chargingStation: { vendorName: 'Case', model: 'One', firmwareVersion } };
}
