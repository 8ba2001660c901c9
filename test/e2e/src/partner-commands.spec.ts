// An eMSP starts and stops a session at a CPO's charger over REST: through both bridges to the station, and back as a session and a CDR that
// name the command.
import type { CdrSummary, CdrView, PartnerCommand, SessionView, Station } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { RPCClient } from 'ocpp-rpc';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';

const stationId = 'CHG-SFO-DC-0018';
/** Of an app: no card, and one that its eMSP wants to be asked about whenever somebody shows it. */
const token = { uid: 'APP-USER-1', type: 'APP_USER' } as const;
const transactionIds: unknown[] = [];

let net: NetworkUnderTest;
let client: RPCClient;

beforeAll(async () => {
  net = await startNetwork();
  const kept = { contractId: 'US-MOB-APP1', issuer: 'MobilityYou', valid: true, whitelist: 'NEVER' };
  await net.consoles.mobilityyou.post('/tokens', { ...token, ...kept });
  const password = net.passwordOf(stationId);
  client = new RPCClient({ endpoint: net.network.ocppUrl, identity: stationId, password, protocols: ['ocpp1.6'], strictMode: false });
  client.handle('GetConfiguration', () => ({ configurationKey: [], unknownKey: [] }));
  client.handle('RemoteStartTransaction', ({ params }) => ({ status: params.idTag === token.uid ? 'Accepted' : 'Rejected' }));
  client.handle('RemoteStopTransaction', ({ params }) => {
    transactionIds.push(params.transactionId);
    return { status: 'Accepted' };
  });
  await client.connect();
  await client.call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'One' });
}, START_MS);
afterAll(async () => {
  await client?.close();
  await net?.stop();
}, 60_000);

const found = (commandId: string) => net.consoles.mobilityyou.get<PartnerCommand>(`/partner-commands/${commandId}`);
const done = (commandId: string) => eventually('the result', async () => ((await found(commandId)).status === 'done' ? true : undefined));

it('a session that an eMSP begins and ends is its own by reference, at both sides, and is asked about by nobody', async () => {
  const { chargem, mobilityyou } = net.consoles;
  const { locationId, evses } = await chargem.get<Station>(`/stations/${stationId}`);
  const place = { locationId, evseUid: evses[0]?.uid };
  const start = await mobilityyou.post<PartnerCommand>('/partners/US-CHG/start-session', { token, ...place });
  await done(start.commandId);

  const at = () => new Date().toISOString();
  const started = await client.call('StartTransaction', { connectorId: 1, idTag: token.uid, meterStart: 0, timestamp: at() });
  const { transactionId, idTagInfo } = started as { transactionId: number; idTagInfo: object };
  expect(idTagInfo).toMatchObject({ status: 'Accepted' });
  const session = await eventually('the session', () => chargem.sessionOf(stationId, String(transactionId)));
  const { sessionId } = session;
  await eventually('the session at the eMSP', async () => ((await found(start.commandId)).sessionId === sessionId ? true : undefined));

  const stop = await mobilityyou.post<PartnerCommand>('/partners/US-CHG/stop-session', { sessionId });
  await eventually('the stop', async () => transactionIds[0]);
  expect(transactionIds).toEqual([transactionId]);
  await client.call('StopTransaction', { transactionId, meterStop: 3_000, timestamp: at(), reason: 'Remote' });
  await done(stop.commandId);

  const payer = { party: 'US-MOB', authMethod: 'COMMAND', authorizationReference: start.commandId };
  expect((await chargem.get<SessionView>(`/sessions/${sessionId}`)).snapshot?.terms.payer).toMatchObject(payer);
  const received = await eventually('the CDR at the eMSP', async () => (await mobilityyou.get<{ items: CdrSummary[] }>('/cdrs')).items[0]);
  const { partnerCdr } = await mobilityyou.get<CdrView>(`/cdrs/${received.cdrId}`);
  expect(partnerCdr).toMatchObject({ sessionId, authorizationReference: start.commandId });
}, 120_000);
