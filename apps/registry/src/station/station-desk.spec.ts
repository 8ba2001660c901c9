// How a station gets in, over the real streams and tables.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem, type Request } from '@evenkeel/contracts';
import { unsealed } from '@evenkeel/event-store';
import { RegistryDesk } from '../catalogue/registry-desk';
import { IdentitiesUnderTest, party } from '../identity/identities-under-test';
import { SecurityDesk } from '../security/security-desk';
import { SecurityView } from '../security/security-view';
import { StationView } from '../view/station-view';
import { StationDesk } from './station-desk';
import { Turns } from './turns';

const secret = '5e'.repeat(32);
const OLD = 'an-old-password-0001';
const NEW = '00112233445566778899aabbccddeeff';
let registry: IdentitiesUnderTest;
let desk: StationDesk;
let registrations: RegistryDesk;
const counted: string[] = [];

beforeAll(async () => {
  registry = await IdentitiesUnderTest.start();
  registrations = new RegistryDesk(registry.store, registry.projector, registry.stations, secret);
  desk = deskOver(registry.stations);
});
afterAll(() => registry.stop());

function deskOver(stations: StationView): StationDesk {
  const metrics = { count: (_: string, __: string, labels: Record<string, string> = {}) => counted.push(labels.type ?? '') };
  const security = new SecurityDesk(registry.store, unsealed, metrics, { warn: () => undefined });
  const certificates = { isRevoked: async () => false, noteUse: async () => undefined };
  return new StationDesk(
    registry.store,
    registry.projector,
    stations,
    security,
    certificates,
    { secret, revocationRequired: false },
    new Turns(),
    {
      warn: () => undefined,
    },
  );
}

const context = () => ({ cause: randomUUID(), operator: 'otto' });
const register = (stationId: string, securityProfile: number) =>
  registrations.registerStation({ party, stationId, locationId: 'L1', password: OLD, securityProfile, evses: [] }, context());
const asking = (identity: string, password: string, transport: 'plain' | 'tls' = 'plain'): Request<'admitStation'> => ({
  identity,
  password: Buffer.from(password).toString('base64'),
  transport,
  remoteAddress: '192.0.2.7',
});

/** Waits until what was stored is shown, which a station that comes again does by its delay. */
async function shown(): Promise<void> {
  const position = await registry.store.lastPosition();
  if (position !== undefined) await registry.projector.reached(position);
}

async function securityEvents(stationId: string) {
  await shown();
  return (await new SecurityView(registry.database).list({ stationId })).items;
}

it('HS-12, RPC-19: after TLS, plain is refused, also by a registry that was started again, and both times it is in the log', async () => {
  await register('B16', 2);
  expect(await desk.admit(asking('b16', OLD, 'tls'))).toMatchObject({ admitted: true, stationId: 'B16', securityProfile: 2 });
  while ((await registry.stations.get('B16')).securityProfileFloor !== 2) await pause(20);
  expect(await desk.admit(asking('B16', OLD))).toEqual({ admitted: false, reason: 'wrong-profile' });
  const restarted = deskOver(new StationView(registry.database));
  expect(await restarted.admit(asking('B16', OLD))).toEqual({ admitted: false, reason: 'wrong-profile' });
  const events = await securityEvents('B16');
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({ type: 'SecurityProfileRefused', critical: true, source: 'back-end' });
  expect(events[0]?.techInfo).toContain('192.0.2.7');
  expect(counted).toContain('SecurityProfileRefused');
});

it('RPC-19: lowering is an action of an operator with a reason, and is refused where there is nothing to lower', async () => {
  await expect(desk.lowerProfile({ actor: { operator: 'otto' }, stationId: 'B16', reason: 'why not' }, context())).rejects.toThrow(Problem);
});

it('RPC-28, RPC-39: wrong passwords are refused and logged, and a flood of them does not fill the log or lock the station out', async () => {
  await register('FLOODED', 1);
  for (let attempt = 0; attempt < 20; attempt++) {
    expect(await desk.admit(asking('FLOODED', 'wrong-password-0000'))).toEqual({ admitted: false, reason: 'wrong-credentials' });
  }
  expect(await desk.admit(asking('FLOODED', OLD))).toMatchObject({ admitted: true });
  expect(await securityEvents('FLOODED')).toMatchObject([{ type: 'FailedToAuthenticateAtCsms' }]);
  expect(await desk.admit(asking('NOBODY', OLD))).toEqual({ admitted: false, reason: 'unknown-station' });
});

it('RPC-36, RPC-38: the intent is stored before the CALL can leave, without the password, and survives a restart', async () => {
  await register('ROTATING', 1);
  await desk.intendPasswordChange({ stationId: 'ROTATING', changeId: 'c1', password: NEW });
  const restarted = deskOver(new StationView(registry.database));
  for (const password of [OLD, NEW]) expect(await restarted.admit({ ...asking('ROTATING', password) })).toMatchObject({ admitted: true });
  await shown();
  expect(await deskOver(new StationView(registry.database)).admit(asking('ROTATING', OLD))).toMatchObject({ admitted: false });
  const everything: unknown[] = [];
  await registry.store.readAll([''], async (events) => {
    everything.push(...events);
  });
  expect(JSON.stringify(everything)).not.toContain(NEW);
  expect(JSON.stringify(everything)).not.toContain(OLD);
});

it('RPC-35: what the station has answered counts for the next login', async () => {
  await register('ANSWERED', 1);
  await desk.intendPasswordChange({ stationId: 'ANSWERED', changeId: 'c2', password: 'a-plain-new-key-01' });
  await desk.settlePasswordChange({ stationId: 'ANSWERED', changeId: 'c2', outcome: 'accepted' });
  expect(await desk.admit(asking('ANSWERED', OLD))).toMatchObject({ admitted: false });
  expect(await desk.admit(asking('ANSWERED', 'a-plain-new-key-01'))).toMatchObject({ admitted: true });
});

it('C6-07: what OCPP 1.6 is told is hexadecimal, at most 40 digits, and denotes the password', async () => {
  await desk.intendPasswordChange({ stationId: 'ANSWERED', changeId: 'c3', password: 'sixteen-to-20-chars' });
  // As an OCPP 1.6 station is told it.
  const authorizationKey = Buffer.from('sixteen-to-20-chars').toString('hex');
  await desk.settlePasswordChange({ stationId: 'ANSWERED', changeId: 'c3', outcome: 'accepted' });
  // As bytes, and as a station sends it that keeps the text.
  expect(await desk.admit(asking('ANSWERED', authorizationKey))).toMatchObject({ admitted: true });
  expect(await desk.admit(asking('ANSWERED', 'sixteen-to-20-chars'))).toMatchObject({ admitted: true });
});
