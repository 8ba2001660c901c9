import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let strict: GatewayUnderTest;

beforeAll(async () => {
  [gateway, strict] = await Promise.all([GatewayUnderTest.start(), GatewayUnderTest.start({ STRICT_INBOUND: 'true' })]);
}, 30_000);
afterAll(() => Promise.all([gateway.stop(), strict.stop()]));

async function connect(under: GatewayUnderTest, identity: string): Promise<RawStation> {
  under.registry.register(identity);
  const raw = await RawStation.connect(under.url, { identity });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return raw;
}

const boot = (chargePointVendor: string) => ({ chargePointVendor, chargePointModel: 'Home OCPP', firmwareVersion: 'SW:A1B_2.8' });
const broken = (id: string) =>
  `[2,"${id}","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[{"timestamp":"2026-03-01T10:00:00","sampledValue":[{"value":"1750"}]}]}]`;

it('RPC-79, RPC-87: what a make says wrong is read as it is meant once it has said what it is, also after a reconnect', async () => {
  const raw = await connect(gateway, 'AEFA1');
  raw.send(broken('m0'));
  expect((await raw.answerTo('-1'))[2]).toBe('FormationViolation');
  await raw.call('b1', 'BootNotification', boot('AEFA'));
  raw.send(broken('m1'));
  expect((await raw.answerTo('m1'))[2]).toEqual({});
  raw.close();
  await raw.closed();
  const again = await connect(gateway, 'AEFA1');
  again.send(broken('m2'));
  expect((await again.answerTo('m2'))[2]).toEqual({});
  const fact = await eventually(() => gateway.factsOf('AEFA1', 'meter-values-reported')[0]);
  expect(fact).toMatchObject({ samples: [{ value: '1750' }] });
});

it('RPC-82: a fact tells what was mended', async () => {
  const raw = await connect(gateway, 'LEGRAND1');
  await raw.call('b1', 'BootNotification', boot('Legrand'));
  const status = { connectorId: 1, errorCode: 'Error', status: 'Faulted', timestamp: '2026-03-01T10:00:00Z' };
  expect((await raw.call('s1', 'StatusNotification', status))[2]).toEqual({});
  const fact = await eventually(() => gateway.factsOf('LEGRAND1', 'connector-status-reported')[0]);
  expect(fact).toMatchObject({ deviations: ['quirk:legrand-green-up'] });
});

it('another make, and a strict run, have no such quirks', async () => {
  const other = await connect(gateway, 'OTHER1');
  await other.call('b1', 'BootNotification', boot('V'));
  other.send(broken('m1'));
  expect((await other.answerTo('-1'))[2]).toBe('FormationViolation');
  const held = await connect(strict, 'AEFA1');
  await held.call('b1', 'BootNotification', boot('AEFA'));
  held.send(broken('m1'));
  expect((await held.answerTo('-1'))[2]).toBe('FormationViolation');
  expect((await held.call('h1', 'Heartbeat'))[0]).toBe(3);
});
