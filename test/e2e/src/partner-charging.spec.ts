// An eMSP limits how fast the session of its driver charges at a CPO's charger: over REST, through both bridges and the registry to the station,
// and back. Where a site shares its power, it says what the driver wants instead.
import type { PartnerCommand, PartnerProfile } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { RPCClient } from 'ocpp-rpc';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';

const stationId = 'CHG-SFO-DC-0017';
const told: { action: string; payload: Record<string, unknown> }[] = [];
/** What the charger says to hold. */
let limit = 12_000;

let net: NetworkUnderTest;
let client: RPCClient;
let sessionPath: string;

beforeAll(async () => {
  net = await startNetwork();
  const password = net.passwordOf(stationId);
  client = new RPCClient({ endpoint: net.network.ocppUrl, identity: stationId, password, protocols: ['ocpp1.6'], strictMode: false });
  const features = { key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,SmartCharging' };
  client.handle('GetConfiguration', () => ({ configurationKey: [features], unknownKey: [] }));
  for (const action of ['SetChargingProfile', 'ClearChargingProfile']) {
    client.handle(action, ({ params }) => {
      told.push({ action, payload: params as Record<string, unknown> });
      return { status: 'Accepted' };
    });
  }
  client.handle('GetCompositeSchedule', () => ({
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: new Date().toISOString(),
    chargingSchedule: { duration: 600, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  }));
  await client.connect();
  await client.call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'One' });
  const timestamp = new Date().toISOString();
  const started = await client.call('StartTransaction', { connectorId: 1, idTag: net.tokens.roaming, meterStart: 0, timestamp });
  const transactionId = String((started as { transactionId: number }).transactionId);
  const session = await eventually('the session', () => net.consoles.chargem.sessionOf(stationId, transactionId));
  sessionPath = `/partners/US-CHG/sessions/${session.sessionId}`;
}, START_MS);
afterAll(async () => {
  await client?.close();
  await net?.stop();
}, 60_000);

const emsp = () => net.consoles.mobilityyou;
const setProfile = () => emsp().put<PartnerCommand>(`${sessionPath}/profile`, { unit: 'W', periods: [{ startSeconds: 0, limit: 11_000 }] });
const done = (commandId: string) =>
  eventually('the result', async () => {
    const shown = await emsp().get<PartnerCommand>(`/partner-commands/${commandId}`);
    return shown.status === 'done' ? shown : undefined;
  });
/** Once the station has said what it can, and the session is known to be the partner's. */
const answered = (result: string, ask: () => Promise<PartnerCommand>) =>
  eventually(`the answer ${result}`, async () => {
    const command = await ask();
    return command.result === result ? command : undefined;
  });
function nothingYet(error: Error): undefined {
  if (!error.message.includes('answered 404')) throw error;
}
const holds = (wanted: number) =>
  eventually(`that ${wanted} W hold`, async () => {
    const known = await emsp().get<PartnerProfile>(`${sessionPath}/profile`).catch(nothingYet);
    return known?.active.periods[0]?.limit === wanted ? true : undefined;
  });

it('a profile reaches the transaction of the session, what holds is read, and what others change is told', async () => {
  const { commandId } = await answered('ACCEPTED', setProfile);
  await done(commandId);
  const profile = {
    stackLevel: 1,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Relative',
    transactionId: expect.any(Number),
  };
  const chargingSchedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] };
  expect(told).toEqual([
    {
      action: 'SetChargingProfile',
      payload: { connectorId: 1, csChargingProfiles: { chargingProfileId: expect.any(Number), ...profile, chargingSchedule } },
    },
  ]);
  const read = await emsp().post<PartnerCommand>(`${sessionPath}/read-profile`, { durationSeconds: 600 });
  expect((await done(read.commandId)).active).toMatchObject({ unit: 'W', periods: [{ startSeconds: 0, limit: 12_000 }] });
  await holds(12_000);

  limit = 7_000;
  await net.consoles.chargem.post(`/stations/${stationId}/limit`, { evseId: 1, limit: 7_000, unit: 'W' });
  await holds(7_000);

  told.length = 0;
  await done((await emsp().delete<PartnerCommand>(`${sessionPath}/profile`)).commandId);
  expect(told).toEqual([
    { action: 'ClearChargingProfile', payload: { connectorId: 1, chargingProfilePurpose: 'TxProfile', stackLevel: 1 } },
  ]);
}, 120_000);

it('where the power is shared, the driver says what is needed, and is promised no more than there is', async () => {
  await net.consoles.chargem.post(`/stations/${stationId}/clear-limits`, { evseId: 1 });
  await net.consoles.chargem.put('/budgets/spec', { stationIds: [stationId], unit: 'W', limit: 50_000 });
  const departureAt = new Date(Date.now() + 3_600_000).toISOString();
  const prefer = (energyWh: string) =>
    emsp().put<PartnerCommand>(`${sessionPath}/preferences`, { profileType: 'REGULAR', departureAt, energyWh });
  expect(await answered('ACCEPTED', () => prefer('20000'))).toMatchObject({ status: 'done' });
  expect(await prefer('60000')).toMatchObject({ status: 'refused', result: 'NOT_POSSIBLE' });
  expect(await setProfile()).toMatchObject({ status: 'refused', result: 'NOT_SUPPORTED' });
}, 120_000);
