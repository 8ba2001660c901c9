// A station client that is not ours completes a session in each version.
import type { StationCommand } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { RPCClient } from 'ocpp-rpc';
import { OcppClient } from 'ocpp-ts';
import { net } from './one-network';

async function open(identity: string, protocol: string): Promise<RPCClient> {
  const client = new RPCClient({
    endpoint: net.network.ocppUrl,
    identity,
    password: net.passwordOf(identity),
    protocols: [protocol],
    strictMode: false,
  });
  await client.connect();
  return client;
}

async function cdrOf(stationId: string, transactionId: string) {
  const { chargem } = net.consoles;
  return eventually('the CDR', async () => {
    const session = await chargem.sessionOf(stationId, transactionId);
    return session && (await chargem.cdrsOf(session.sessionId))[0];
  });
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the npm client ocpp-rpc', () => {
  it('charges with OCPP 1.6J', async () => {
    const stationId = 'CHG-SFO-DC-0011';
    const client = await open(stationId, 'ocpp1.6');
    const idTag = net.tokens.own;
    const boot = await client.call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'One' });
    expect(boot).toMatchObject({ status: 'Accepted' });
    await client.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' });
    expect(await client.call('Authorize', { idTag })).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    const started = await client.call('StartTransaction', { connectorId: 1, idTag, meterStart: 1000, timestamp: minutesAgo(40) });
    expect(started).toMatchObject({ idTagInfo: { status: 'Accepted' }, transactionId: expect.any(Number) });
    const { transactionId } = started as { transactionId: number };
    await client.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging', timestamp: minutesAgo(40) });
    const meterValue = [
      { timestamp: minutesAgo(20), sampledValue: [{ value: '7.5', unit: 'kWh', measurand: 'Energy.Active.Import.Register' }] },
    ];
    await client.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    await client.call('StopTransaction', { transactionId, idTag, meterStop: 11_000, timestamp: minutesAgo(10), reason: 'Local' });
    await client.close();
    // 10 kWh at 0.56.
    expect(await cdrOf(stationId, String(transactionId))).toMatchObject({ energyWh: '10000', totalBeforeTaxes: '5.60' });
  });

  it('charges with OCPP 2.0.1', async () => {
    const stationId = 'CHG-SFO-AC-0011';
    const client = await open(stationId, 'ocpp2.0.1');
    const boot = await client.call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'One', vendorName: 'Foreign' } });
    expect(boot).toMatchObject({ status: 'Accepted' });
    await client.call('StatusNotification', { timestamp: minutesAgo(41), connectorStatus: 'Occupied', evseId: 1, connectorId: 1 });
    const idToken = { idToken: net.tokens.own, type: 'ISO14443' };
    expect(await client.call('Authorize', { idToken })).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    const transactionId = 'foreign-201-1';
    const report = (seqNo: number, eventType: string, minutes: number, rest: object) =>
      client.call('TransactionEvent', { seqNo, eventType, timestamp: minutesAgo(minutes), ...rest });
    const meterValue = (minutes: number, context: string, value: number) => [
      {
        timestamp: minutesAgo(minutes),
        sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'kWh' } }],
      },
    ];
    const info = (chargingState: string) => ({ transactionId, chargingState });
    const started = await report(0, 'Started', 40, {
      triggerReason: 'Authorized',
      transactionInfo: info('EVConnected'),
      evse: { id: 1, connectorId: 1 },
      idToken,
      meterValue: meterValue(40, 'Transaction.Begin', 100),
    });
    expect(started).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    await report(1, 'Updated', 39, { triggerReason: 'ChargingStateChanged', transactionInfo: info('Charging') });
    await report(2, 'Updated', 20, {
      triggerReason: 'MeterValuePeriodic',
      transactionInfo: info('Charging'),
      meterValue: meterValue(20, 'Sample.Periodic', 101.5),
    });
    await report(3, 'Ended', 10, {
      triggerReason: 'StopAuthorized',
      transactionInfo: { transactionId, stoppedReason: 'Local' },
      idToken,
      meterValue: meterValue(10, 'Transaction.End', 103),
    });
    await client.close();
    // 3 kWh at 0.45.
    expect(await cdrOf(stationId, transactionId)).toMatchObject({ energyWh: '3000', totalBeforeTaxes: '1.35' });
  });
});

describe('the npm client ocpp-ts', () => {
  it('charges with OCPP 1.6J from a remote start to a remote stop', async () => {
    const stationId = 'CHG-SFO-DC-0012';
    const { chargem } = net.consoles;
    const client = new OcppClient(stationId);
    const credentials = Buffer.from(`${stationId}:${net.passwordOf(stationId)}`).toString('base64');
    const connected = new Promise<void>((resolve, fail) => client.on('connect', resolve).on('error', fail));
    let transactionId = 0;
    client.on('GetConfiguration', (_, answer) => answer({ configurationKey: [], unknownKey: [] }));
    client.on('RemoteStartTransaction', (_, answer) => answer({ status: 'Accepted' }));
    client.on('RemoteStopTransaction', (request, answer) =>
      answer({ status: request.transactionId === transactionId ? 'Accepted' : 'Rejected' }),
    );
    client.connect(`${net.network.ocppUrl}/`, { Authorization: `Basic ${credentials}` });
    await connected;
    const boot = await client.callRequest('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'Two' });
    expect(boot).toMatchObject({ status: 'Accepted' });
    const idTag = net.tokens.own;
    const starting = await chargem.post<StationCommand>(`/stations/${stationId}/start`, { token: { uid: idTag, type: 'RFID' }, evseId: 1 });
    expect(starting.status).toBe('accepted');
    const started = await client.callRequest('StartTransaction', { connectorId: 1, idTag, meterStart: 0, timestamp: minutesAgo(30) });
    transactionId = started.transactionId;
    await eventually('the remote start to be done', async () => {
      const { status } = await chargem.get<StationCommand>(`/commands/${starting.commandId}`);
      return status === 'done' || undefined;
    });
    const stopping = await chargem.post<StationCommand>(`/stations/${stationId}/stop`, { transactionId: String(transactionId) });
    expect(stopping.status).toBe('accepted');
    await client.callRequest('StopTransaction', { transactionId, meterStop: 5_000, timestamp: minutesAgo(5), reason: 'Remote' });
    expect(await cdrOf(stationId, String(transactionId))).toMatchObject({ energyWh: '5000' });
  });
});
