import { connectBroker, Requester } from '@evenkeel/messaging';
import { eventually } from '@evenkeel/testkit';
import { type GatewayPod, GatewayUnderTest, identity as hash } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY } from './small-registry';

let gateway: GatewayUnderTest;
let pod: GatewayPod;
let operator: Requester<'console'>;
let close: () => Promise<void>;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  pod = await gateway.startPod();
  const broker = await connectBroker(gateway.urlOf('console'), 'console');
  operator = new Requester(broker);
  close = () => broker.close();
}, 30_000);
afterAll(async () => {
  await close();
  await pod.process.stop();
  await gateway.stop();
});

async function connect(url: string, identity: string): Promise<RawStation> {
  gateway.registry.register(identity);
  const raw = await RawStation.connect(url, { identity });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  return raw;
}

const traceOf = (stationId: string, frames?: number) => operator.traceStation({ party: PARTY, stationId, ...(frames && { frames }) });

it.each(['the first process', 'the second process'])(
  'the frames of a station are shown by %s that holds it, without its cards',
  async (which) => {
    const identity = which === 'the first process' ? 'SHOWN1' : 'SHOWN2';
    const raw = await connect(which === 'the first process' ? gateway.url : pod.url, identity);
    await raw.call('a1', 'Authorize', { idTag: '04A2B3C4' });
    await raw.call('h1', 'Heartbeat');
    const trace = await traceOf(identity.toLowerCase());
    expect(trace).toMatchObject({ ocppVersion: '1.6', remoteAddress: '127.0.0.1', violations: [] });
    expect(trace.frames.map(({ direction }) => direction)).toEqual(['in', 'out', 'in', 'out']);
    expect(JSON.parse(trace.frames[0]?.text ?? '')).toEqual([2, 'a1', 'Authorize', { idTag: hash.tokenKey('04A2B3C4') }]);
    expect((await traceOf(identity, 1)).frames).toHaveLength(1);
  },
);

it('what a station did that it should not is counted, and outlives its connection', async () => {
  const raw = await connect(gateway.url, 'SLOPPY');
  for (let round = 0; round < 3; round += 1) {
    raw.send('hello');
    await raw.answerTo('-1');
  }
  await raw.call('m1', 'MeterValues', { connectorId: 1, meterValue: [], extra: true });
  await raw.call('x1', 'DoMagic');
  raw.close();
  await raw.closed();
  await connect(gateway.url, 'SLOPPY');
  const { violations, frames } = await traceOf('SLOPPY');
  expect(violations).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'malformed', count: 3 }),
      expect.objectContaining({ kind: 'deviation:extraProperty', count: 1 }),
      expect.objectContaining({ kind: 'refused:NotImplemented', count: 1 }),
    ]),
  );
  expect(frames.length).toBeGreaterThan(8);
});

it('a station that no process holds is offline, and a question that is none is told so', async () => {
  await expect(traceOf('NOBODY')).rejects.toMatchObject({ code: 'offline' });
  await expect(traceOf('')).rejects.toMatchObject({ code: 'invalid' });
});
