import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import type { ClientOptions } from 'ws';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ WAITING_CALLS: '200000', UNSENT_BYTES: '65536', NO_SUBPROTOCOL: 'accept-and-close' });
});
afterAll(() => gateway.stop());

async function station(client: ClientOptions = {}, protocols = ['ocpp1.6']): Promise<RawStation> {
  names += 1;
  const identity = `WIRE${names}`;
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity, protocols, client });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return raw;
}

const residentBytes = async () => Number(/^process_resident_memory_bytes\{.*\} (\S+)$/m.exec(await gateway.metrics())?.[1]);

it('RPC-17, RPC-72: sixty-four mebibytes in a few kilobytes end their connection with 1009 and take no memory', async () => {
  const raw = await station({ perMessageDeflate: { threshold: 0 } });
  const before = await residentBytes();
  raw.send(`[2,"x","DataTransfer",{"vendorId":"x","data":"${' '.repeat(64 * 1024 * 1024)}"}]`);
  expect(await raw.closed()).toBe(1009);
  expect((await residentBytes()) - before).toBeLessThan(32 * 1024 * 1024);
});

it('RPC-72: a message of nearly a mebibyte is taken, compressed or not', async () => {
  for (const perMessageDeflate of [false, { threshold: 0 }]) {
    const raw = await station({ perMessageDeflate });
    const answer = await raw.call('d1', 'DataTransfer', { vendorId: 'x', data: 'y'.repeat(1_000_000) });
    // What becomes of it is another matter: the connection stays.
    expect(answer[1]).toBe('d1');
    expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
  }
});

it.each([{}, { clientNoContextTakeover: true, serverNoContextTakeover: true }])(
  'RPC-17: compression is agreed with an offer of %j',
  async (offer) => {
    const raw = await station({ perMessageDeflate: { threshold: 0, ...offer } });
    expect(raw.socket.extensions).toContain('permessage-deflate');
    for (let round = 0; round < 5; round += 1) expect((await raw.call(`h${round}`, 'Heartbeat'))[0]).toBe(3);
  },
);

it('a message in fragments is one message', async () => {
  const raw = await station();
  for (const [part, fin] of [
    ['[2,"h1","Hea', false],
    ['rtbeat"', false],
    [',{}]', true],
  ] as const) {
    raw.socket.send(part, { fin });
    await pause(20);
  }
  expect((await raw.answerTo('h1'))[0]).toBe(3);
});

it('RPC-51: what is not UTF-8 is no text, and ends the connection with 1007', async () => {
  const raw = await station();
  raw.socket.send(Buffer.from([0x5b, 0xff, 0xfe, 0x5d]), { binary: false });
  expect(await raw.closed()).toBe(1007);
});

it('RPC-56, RPC-64: a burst of a thousand calls is answered in its order', async () => {
  const raw = await station();
  const ids = Array.from({ length: 1_000 }, (_, index) => `b${index}`);
  for (const id of ids) raw.send([2, id, 'Heartbeat', {}]);
  await eventually(() => raw.frames.length === ids.length);
  expect(raw.frames.map(([, id]) => id)).toEqual(ids);
});

it('RPC-64: a station that sends and does not read is let go before its answers fill the memory', async () => {
  const raw = await station();
  const before = await residentBytes();
  raw.socket.pause();
  const frame = JSON.stringify([2, 'i'.repeat(64), 'DoMagic', {}]);
  for (let burst = 0; burst < 150; burst += 1) {
    for (let index = 0; index < 1_000; index += 1) raw.socket.send(frame);
    await pause(5);
  }
  await eventually(async () => (await gateway.metrics()).includes('bad_frames_total{reason="slow-reader"'), 20_000);
  raw.socket.resume();
  expect(await raw.closed()).toBe(1013);
  expect((await residentBytes()) - before).toBeLessThan(150 * 1024 * 1024);
});

it('RPC-14: told so, the gateway completes an upgrade without a common version and closes it at once', async () => {
  const raw = await station({}, []);
  expect(raw.socket.protocol).toBe('');
  expect(await raw.closed()).toBe(1002);
  expect(raw.frames).toEqual([]);
});

it('RPC-7, RPC-8: a station may come back in another version, and many stations share an address', async () => {
  gateway.registry.register('MIGRATES');
  for (const protocol of ['ocpp1.6', 'ocpp2.0.1', 'ocpp1.6']) {
    const raw = await RawStation.connect(gateway.url, { identity: 'MIGRATES', protocols: [protocol] });
    if (!(raw instanceof RawStation)) throw new Error('refused');
    expect(raw.socket.protocol).toBe(protocol);
    expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
  }
  const site = await Promise.all(Array.from({ length: 40 }, () => station()));
  for (const raw of site) expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
});

it('RPC-42: the back end never gives two of its calls the same id', async () => {
  gateway.registry.register('ASKED');
  const ids = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const raw = await RawStation.connect(gateway.url, { identity: 'ASKED' });
    if (!(raw instanceof RawStation)) throw new Error('refused');
    await eventually(() => gateway.factsOf('ASKED', 'station-connection-changed').length > round);
    const call = { kind: 'raw' as const, action: 'ClearCache', payload: {} };
    const outcome = gateway.operator.callStation({ party: PARTY, stationId: 'ASKED', call });
    const [, id] = await raw.nextCommand();
    ids.add(id);
    raw.send([3, id, { status: 'Accepted' }]);
    await outcome;
  }
  expect(ids.size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});
