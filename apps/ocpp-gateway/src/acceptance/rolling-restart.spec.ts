import { once } from 'node:events';
import { createServer, connect as dial, type Server } from 'node:net';
import { acceleratedClock, type ChargeRecord, SimulatedStation } from '@evenkeel/station-simulator';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { passwordOf } from './small-registry';

const STATIONS = 30;
const SESSIONS = 3;
const READINGS = 8;

let gateway: GatewayUnderTest;
let balancer: Balancer;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ STOP_CLOSES_PER_SECOND: '20', STOP_GRACE_MS: '5000', FREE_FAILURES: '1000' });
  gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
  balancer = await Balancer.start();
});
afterAll(async () => {
  balancer?.stop();
  await gateway?.stop();
});

/** Passes bytes on to one of several ports, in turn: what a service in front of two pods does. */
class Balancer {
  private turn = 0;
  ports: number[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: false });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new Balancer(server, (server.address() as { port: number }).port);
    server.on('connection', (near) => {
      balancer.turn += 1;
      const port = balancer.ports[balancer.turn % balancer.ports.length] ?? 0;
      const far = dial(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    return balancer;
  }

  stop(): void {
    this.server.close();
  }
}

async function charge(index: number): Promise<ChargeRecord[]> {
  const identity = `ROLL-${index}`;
  const version = index % 3 === 0 ? '1.6' : index % 3 === 1 ? '2.0.1' : '2.1';
  const station = await SimulatedStation.connect({
    url: `ws://127.0.0.1:${balancer.port}/ocpp`,
    identity,
    password: passwordOf(identity),
    version,
    clock: acceleratedClock(300),
    firstReconnectMilliseconds: 100,
    retryMilliseconds: 200,
  });
  await station.bootUntilAccepted();
  const records: ChargeRecord[] = [];
  for (let session = 0; session < SESSIONS; session += 1) {
    records.push(
      await station.charge({ connectorId: 1, token: 'OK1', energyWh: 8_000, meterValues: READINGS, secondsBetweenMeterValues: 120 }),
    );
  }
  await station.close();
  return records;
}

it('RPC-71: one of two gateways restarts under load with open sessions, and no fact is lost', async () => {
  const second = await gateway.startPod();
  balancer.ports = [portOf(gateway), portOf(second)];
  for (let index = 0; index < STATIONS; index += 1) gateway.registry.register(`ROLL-${index}`);
  const charging = Promise.all(Array.from({ length: STATIONS }, (_, index) => charge(index)));
  // Sessions are open at both.
  await eventually(() => gateway.facts.filter(({ kind }) => kind === 'transaction-reported').length > STATIONS * 3, 30_000);
  const before = gateway.facts.length;
  balancer.ports = [portOf(second)];
  await gateway.process.stop();
  expect(await gateway.process.ended).toBe(0);
  await gateway.startGatewayAgain();
  balancer.ports = [portOf(gateway), portOf(second)];
  const records = (await charging).flat();
  expect(gateway.facts.length).toBeGreaterThan(before);
  await second.process.stop();

  expect(records).toHaveLength(STATIONS * SESSIONS);
  const facts = new Map(gateway.facts.map((fact) => [fact.factId, fact]));
  const lost = await eventually(() => {
    const missing = records.filter(({ transactionId }) => {
      const told = [...facts.values()].filter(
        (fact) => fact.kind === 'transaction-reported' && fact.transactionId === String(transactionId),
      );
      const phases = (phase: string) => told.filter((fact) => fact.kind === 'transaction-reported' && fact.phase === phase).length;
      return phases('started') !== 1 || phases('ended') !== 1 || phases('updated') < READINGS;
    });
    return missing.length === 0 && { missing };
  });
  expect(lost.missing).toEqual([]);
}, 120_000);

function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port);
}
