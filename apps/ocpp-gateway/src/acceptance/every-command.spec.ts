import { csmsActions, type OcppVersion, requestSchema } from '@evenkeel/ocpp';
import { brokenPayloads, eventually, validPayload } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY } from './small-registry';

let gateway: GatewayUnderTest;
const stations = new Map<OcppVersion, RawStation>();
const VERSIONS = ['1.6', '2.0.1', '2.1'] as const;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  for (const version of VERSIONS) {
    gateway.registry.register(`CMD-${version}`, { versions: [version] });
    const raw = await RawStation.connect(gateway.url, { identity: `CMD-${version}`, protocols: [`ocpp${version}`] });
    if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
    stations.set(version, raw);
    await eventually(() => gateway.factsOf(`CMD-${version}`, 'station-connection-changed')[0]);
  }
});
afterAll(() => gateway.stop());

const cases = VERSIONS.flatMap((version) => csmsActions(version).map((action) => [version, action] as const));

function stationOf(version: OcppVersion): RawStation {
  const raw = stations.get(version);
  if (!raw) throw new Error(`no station of ${version}`);
  return raw;
}

function ask(version: OcppVersion, action: string, payload: Record<string, unknown>) {
  return gateway.operator.callStation({ party: PARTY, stationId: `CMD-${version}`, call: { kind: 'raw', action, payload } });
}

it.each(cases)('%s %s: a valid payload leaves as it is, and its answer comes back with what it means', async (version, action) => {
  const raw = stationOf(version);
  for (const fullness of [0, 1]) {
    const payload = validPayload(version, action, 'request', { fullness });
    const outcome = ask(version, action, payload);
    const [type, id, sentAction, sent] = await raw.nextCommand();
    expect([type, sentAction, sent]).toEqual([2, action, payload]);
    expect(id.length).toBeLessThanOrEqual(36);
    const answer = validPayload(version, action, 'response', { fullness });
    raw.send([3, id, answer]);
    const settled = await outcome;
    expect(settled).toMatchObject({ outcome: 'answered', action, payload: answer });
    const { neutral } = settled as { neutral?: { action: string } };
    expect(neutral && requestSchema('2.1', neutral.action)).toBeDefined();
  }
});

it.each(cases)('%s %s: an invalid payload is not sent', async (version, action) => {
  const raw = stationOf(version);
  const before = raw.frames.length;
  const broken = brokenPayloads(version, action).map(({ payload }) => payload);
  for (const payload of [...broken, { extra: null, ...(version === '1.6' ? {} : { customData: 7 }) }]) {
    await expect(ask(version, action, payload)).rejects.toMatchObject({ code: 'invalid' });
  }
  expect(raw.frames).toHaveLength(before);
});

it.each(cases)('O-11: %s %s: a CALLERROR, and an answer that cannot be used, are told and block nothing', async (version, action) => {
  const raw = stationOf(version);
  const payload = validPayload(version, action);
  const refused = ask(version, action, payload);
  raw.send([4, (await raw.nextCommand())[1], 'NotSupported', 'not here', {}]);
  expect(await refused).toEqual({ outcome: 'refused', errorCode: 'NotSupported', description: 'not here' });
  const unusable = ask(version, action, payload);
  raw.send([3, (await raw.nextCommand())[1], []]);
  expect(await unusable).toMatchObject({ outcome: 'refused' });
});
