import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
});
afterAll(() => gateway.stop());

async function station(protocol = 'ocpp2.1') {
  names += 1;
  const identity = `NEW${names}`;
  gateway.registry.register(identity, { versions: ['1.6', '2.0.1', '2.1'] });
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  return Object.assign(raw, { identity });
}

const ask = (stationId: string) =>
  gateway.operator.callStation({ party: PARTY, stationId, call: { kind: 'raw', action: 'ClearCache', payload: {} } });

it('RPC-49: a SEND gets no answer of any kind, whether it is known, unknown or broken', async () => {
  const raw = await station();
  const stream = { id: 1, pending: 0, basetime: '2026-03-01T10:00:00Z', data: [{ t: 0, v: '1' }] };
  raw.send([6, 's1', 'NotifyPeriodicEventStream', stream]);
  raw.send([6, 's2', 'NotifyPeriodicEventStream', { id: 'one' }]);
  raw.send([6, 's3', 'DoMagic', {}]);
  raw.send([6, 's4', 'NotifyPeriodicEventStream']);
  raw.send([6, 5, null]);
  // Whatever is answered to this, it is answered after what was sent before.
  await raw.call('x1', 'DoMagic');
  expect(raw.frames).toEqual([]);
});

it('RPC-49: a SEND may come while the station owes us an answer', async () => {
  const raw = await station();
  const outcome = ask(raw.identity);
  const [, id] = await raw.nextCommand();
  raw.send([6, 's1', 'NotifyPeriodicEventStream', { id: 1, pending: 0, basetime: '2026-03-01T10:00:00Z', data: [] }]);
  raw.send([3, id, { status: 'Accepted' }]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
  expect(raw.frames).toEqual([]);
});

it('RPC-48: that our answer could not be processed is counted and logged, and not answered', async () => {
  const raw = await station();
  raw.send([5, 'b1', 'TypeConstraintViolation', 'interval is not a number', {}]);
  raw.send([5, 7]);
  await raw.call('x1', 'DoMagic');
  expect(raw.frames).toEqual([]);
  expect(await gateway.metrics()).toMatch(/bad_frames_total\{reason="answer-not-processed".*\} 1\n/);
  expect(gateway.log.some((line) => line.includes('"messageId":"b1"') && line.includes('TypeConstraintViolation'))).toBe(true);
});

it('RPC-48: an answer of a 2.1 station that is unusable is told so', async () => {
  const raw = await station();
  const outcome = ask(raw.identity);
  const [, id] = await raw.nextCommand();
  raw.send([3, id, { status: 7 }]);
  const [type, answered, code, description, details] = await raw.answerTo(id);
  expect([type, answered, code, details]).toEqual([5, id, 'TypeConstraintViolation', {}]);
  expect(String(description).length).toBeLessThan(256);
  expect(await outcome).toMatchObject({ outcome: 'refused', errorCode: 'TypeConstraintViolation' });
});

it.each(['ocpp1.6', 'ocpp2.0.1'])(
  'RPC-45, RPC-48: %s has neither: types 5 and 6 are unknown, an unusable answer is only logged',
  async (protocol) => {
    const raw = await station(protocol);
    const outcome = ask(raw.identity);
    raw.send([3, (await raw.nextCommand())[1], { status: 7 }]);
    expect(await outcome).toMatchObject({ outcome: 'refused' });
    raw.send([5, 'x5', 'GenericError', '', {}]);
    raw.send([6, 'x6', 'Heartbeat', {}]);
    await raw.call('x1', 'DoMagic');
    const told = raw.frames.map(([type, id, code]) => [type, id, code]);
    const notSupported = [4, 'x5', 'MessageTypeNotSupported'];
    expect(told).toEqual(protocol === 'ocpp1.6' ? [] : [notSupported, [4, 'x6', 'MessageTypeNotSupported']]);
  },
);
