import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { newStationKeys } from '@evenkeel/pki';
import { eventually } from '@evenkeel/testkit';
import type { MinimalStation, Payload } from './minimal-station';
import { boot, minutesAgo, passwordOf, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const card = { token: { uid: 'OK1', type: 'RFID' }, evseId: 1 };

async function started(station: MinimalStation, more: Payload = {}): Promise<number> {
  const answer = await station.ask('StartTransaction', { connectorId: 1, idTag: 'OK1', meterStart: 0, timestamp: minutesAgo(0), ...more });
  return answer.transactionId as number;
}

it('C6-01, TX-21: RemoteStartTransaction, RemoteStopTransaction: a remote start is done when its transaction begins, a remote stop when it ends', async () => {
  const station = await system.newStation('1.6');
  const starting = system.operate(station.stationId, 'start', card);
  const asked = await station.obey('RemoteStartTransaction');
  expect(asked).toEqual({ idTag: 'OK1', connectorId: 1 });
  const { commandId, status } = await starting;
  expect(status).toBe('accepted');
  const transactionId = await started(station);
  await system.commandThat(commandId, 'done');
  const stopping = system.operate(station.stationId, 'stop', { transactionId: String(transactionId) });
  expect(await station.obey('RemoteStopTransaction')).toEqual({ transactionId });
  await station.ask('StopTransaction', { transactionId, meterStop: 10, timestamp: minutesAgo(0), reason: 'Remote' });
  await system.commandThat((await stopping).commandId, 'done');
});

it('C6-02: a start and a stop that the station rejects are shown so, and the session stays', async () => {
  const station = await system.newStation('1.6');
  const transactionId = await started(station);
  const starting = system.operate(station.stationId, 'start', card);
  await station.obey('RemoteStartTransaction', { status: 'Rejected' });
  expect((await starting).status).toBe('rejected');
  const stopping = system.operate(station.stationId, 'stop', { transactionId: String(transactionId) });
  await station.obey('RemoteStopTransaction', { status: 'Rejected' });
  expect((await stopping).status).toBe('rejected');
  expect((await system.session(station.stationId, transactionId)).status).toBe('active');
});

it('RemoteStopTransaction: a session that may take 20 kWh is stopped before it has taken them', async () => {
  const station = await system.newStation('1.6');
  const transactionId = await started(station, { idTag: 'LIM', timestamp: minutesAgo(30) });
  const register = (value: string) => [{ value, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
  const meterValue = [{ timestamp: minutesAgo(0), sampledValue: register('19900') }];
  await station.ask('MeterValues', { connectorId: 1, transactionId, meterValue });
  // At 40 kW the last 100 Wh take nine seconds.
  expect(await station.obey('RemoteStopTransaction')).toEqual({ transactionId });
  await station.ask('StopTransaction', { transactionId, meterStop: 19_960, timestamp: minutesAgo(0), reason: 'Remote' });
  await eventually(async () => (await system.session(station.stationId, transactionId)).status === 'completed');
});

it('C6-03: reservations have numbers of their own, and are used, expired or cancelled', async () => {
  const station = await system.newStation('1.6');
  const reserve = async (seconds: number) => {
    const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
    const reserving = system.operate(station.stationId, 'reserve', { ...card, expiresAt });
    const { reservationId } = await station.obey('ReserveNow');
    await reserving;
    return Number(reservationId);
  };
  const [used, expired, cancelled] = [await reserve(600), await reserve(2), await reserve(600)];
  expect(new Set([used, expired, cancelled]).size).toBe(3);
  await started(station, { reservationId: used });
  const cancelling = system.operate(station.stationId, 'cancel-reservation', { reservationId: cancelled });
  await station.obey('CancelReservation');
  await cancelling;
  await eventually(async () => {
    const items = await system.items(station.stationId, 'reservation');
    const is = (id: number) => items[String(id)]?.status;
    return is(used) === 'Used' && is(expired) === 'Expired' && is(cancelled) === 'Cancelled';
  }, 20_000);
});

it('C6-05: profiles for the transaction, for all of them and for the start, and what follows from them', async () => {
  const station = await system.newStation('1.6');
  const obeyed = async (operation: string, parameters: Payload, action: string, answer?: Payload) => {
    const done = system.operate(station.stationId, operation, parameters);
    const asked = await station.obey(action, answer);
    return { asked, command: await done };
  };
  const profileOf = (asked: Payload) => (asked.csChargingProfiles ?? asked.chargingProfile) as Payload;
  const firstPeriod = (asked: Payload) =>
    (profileOf(asked).chargingSchedule as { chargingSchedulePeriod: Payload[] }).chargingSchedulePeriod[0];

  const starting = await obeyed('start', { ...card, limit: { limit: 16, unit: 'A' } }, 'RemoteStartTransaction');
  expect(profileOf(starting.asked)).toMatchObject({ chargingProfilePurpose: 'TxProfile' });
  expect(profileOf(starting.asked)).not.toHaveProperty('transactionId');
  const transactionId = await started(station);
  await system.commandThat(starting.command.commandId, 'done');

  const byDefault = await obeyed('limit', { evseId: 1, limit: 10, unit: 'A' }, 'SetChargingProfile');
  expect(profileOf(byDefault.asked)).toMatchObject({ chargingProfilePurpose: 'TxDefaultProfile' });
  const one = await obeyed('limit', { evseId: 1, transactionId: String(transactionId), limit: 8, unit: 'A' }, 'SetChargingProfile');
  expect(profileOf(one.asked)).toMatchObject({ chargingProfilePurpose: 'TxProfile', transactionId });
  for (const { asked } of [starting, byDefault, one]) expect(firstPeriod(asked)).toMatchObject({ startPeriod: 0 });

  const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 8 }] };
  const composite = { status: 'Accepted', connectorId: 1, scheduleStart: minutesAgo(0), chargingSchedule: schedule };
  const read = await obeyed('read-limits', { evseId: 1, durationSeconds: 600 }, 'GetCompositeSchedule', composite);
  expect(read.command.status).toBe('done');
  const clearing = system.operate(station.stationId, 'clear-limits', { evseId: 1 });
  for (let at = 0; at < 3; at += 1) await station.obey('ClearChargingProfile');
  expect((await clearing).status).toBe('done');
  expect(await system.items(station.stationId, 'charging-profile')).toEqual({});
});

it('C6-06: UpdateFirmware, GetDiagnostics, DiagnosticsStatusNotification: firmware and diagnostics go through their states, and a boot with the new version confirms an installation', async () => {
  const station = await system.newStation('1.6');
  const jobs = async (kind: string) => Object.values(await system.items(station.stationId, kind));
  const latest = (kind: string, status: string) => eventually(async () => (await jobs(kind)).find((job) => job.status === status));
  const update = async () => {
    const updating = system.operate(station.stationId, 'update-firmware', { location: 'https://firmware.example.com/2.bin' });
    await station.obey('UpdateFirmware', {});
    return updating;
  };
  const { commandId } = await update();
  for (const status of ['Downloading', 'Downloaded', 'Installing', 'Installed']) {
    expect(await station.ask('FirmwareStatusNotification', { status })).toEqual({});
  }
  await latest('firmware-job', 'Installed');
  await system.commandThat(commandId, 'done');
  await boot(station, { firmwareVersion: '2.0' });
  await eventually(async () => (await jobs('firmware-job')).some(({ firmwareVersion }) => firmwareVersion === '2.0'));

  const failing = await update();
  expect(await station.ask('FirmwareStatusNotification', { status: 'DownloadFailed' })).toEqual({});
  expect((await system.commandThat(failing.commandId, 'no-effect')).detail).toBe('DownloadFailed');

  const getting = system.operate(station.stationId, 'get-log', { log: 'DiagnosticsLog', location: 'https://logs.example.com/up' });
  await station.obey('GetDiagnostics', { fileName: 'diagnostics.zip' });
  for (const status of ['Uploading', 'UploadFailed']) expect(await station.ask('DiagnosticsStatusNotification', { status })).toEqual({});
  await latest('log-job', 'UploadFailure');
  await system.commandThat((await getting).commandId, 'no-effect');
});

it('C6-07: ChangeConfiguration: a key that the station refuses changes nothing, and one that it takes is the only one from then on', async () => {
  const station = await system.newStation('1.6', {}, { door: 'lenient' });
  const tryWith = async (password: string | Buffer) => {
    const again = await system.tryConnect(station.stationId, { password, door: 'lenient' });
    return 'status' in again ? again.status : 101;
  };
  const change = async (status: string) => {
    const changing = system.operate(station.stationId, 'change-password');
    const { key, value } = await station.obey('ChangeConfiguration', { status });
    await changing;
    expect(key).toBe('AuthorizationKey');
    expect(String(value)).toMatch(/^[0-9a-f]{32,40}$/i);
    return Buffer.from(String(value), 'hex');
  };
  const refused = await change('Rejected');
  expect(await tryWith(refused)).toBe(401);
  const stationNow = await system.connect(station.stationId, { boots: false, door: 'lenient' });
  const changing = system.operate(station.stationId, 'change-password');
  const { value } = await stationNow.obey('ChangeConfiguration');
  await changing;
  expect(await tryWith(passwordOf(station.stationId))).toBe(401);
  expect(await tryWith(Buffer.from(String(value), 'hex'))).toBe(101);
});

it('C6-09: SecurityEventNotification, GetLog, SignedUpdateFirmware, SignedFirmwareStatusNotification: security events, logs and signed firmware are followed by their numbers', async () => {
  const station = await system.newStation('1.6');
  for (const type of ['FirmwareUpdated', 'SomethingNobodyHeardOf']) {
    expect(await station.ask('SecurityEventNotification', { type, timestamp: minutesAgo(1) })).toEqual({});
  }
  await eventually(async () => {
    const path = `/security-events?stationId=${station.stationId}`;
    const { items } = await system.rest.get<{ items: { type: string }[] }>(path);
    return ['FirmwareUpdated', 'SomethingNobodyHeardOf'].every((type) => items.some((event) => event.type === type));
  });
  const log = { log: 'SecurityLog', location: 'https://logs.example.com/up' };
  const getting = system.operate(station.stationId, 'get-log', log);
  const { requestId } = await station.obey('GetLog', { status: 'Accepted', filename: 'security.log' });
  await getting;
  for (const status of ['Uploading', 'Uploaded']) expect(await station.ask('LogStatusNotification', { status, requestId })).toEqual({});
  const signed = { location: 'https://firmware.example.com/2.bin', signingCertificate: '-----BEGIN', signature: 'c2lnbmF0dXJl' };
  const updating = system.operate(station.stationId, 'update-firmware', signed);
  const { requestId: job } = await station.obey('SignedUpdateFirmware');
  expect(job).not.toBe(requestId);
  for (const status of ['Downloading', 'InvalidSignature']) {
    expect(await station.ask('SignedFirmwareStatusNotification', { status, requestId: job })).toEqual({});
  }
  expect((await system.commandThat((await updating).commandId, 'no-effect')).detail).toBe('InvalidSignature');
  await eventually(async () => (await system.items(station.stationId, 'log-job'))[String(requestId)]?.status === 'Uploaded');
});

it('C6-08: ExtendedTriggerMessage, SignCertificate, CertificateSigned, InstallCertificate: a certificate is asked for, signed and brought; roots are installed, listed and removed as the station names them', async () => {
  const serial = system.newName('SN');
  const station = await system.newStation('1.6', { expectedSerial: serial });
  const triggering = system.operate(station.stationId, 'trigger', { message: 'SignChargingStationCertificate' });
  expect(await station.obey('ExtendedTriggerMessage')).toEqual({ requestedMessage: 'SignChargePointCertificate' });
  await triggering;
  const { request: csr } = await newStationKeys({ commonName: serial, organization: 'Chargem' });
  expect(await station.ask('SignCertificate', { csr })).toEqual({ status: 'Accepted' });
  const { certificateChain } = await station.obey('CertificateSigned');
  const [leaf = ''] = String(certificateChain).split(/(?<=-----END CERTIFICATE-----\n?)/);
  expect(new X509Certificate(leaf).subject).toContain(`CN=${serial}`);

  const root = await readFile(system.network.certificates.rootFile, 'utf8');
  const installing = system.operate(station.stationId, 'install-certificate', { use: 'CSMSRootCertificate', certificate: root });
  expect(await station.obey('InstallCertificate')).toMatchObject({ certificateType: 'CentralSystemRootCertificate' });
  expect((await installing).status).toBe('done');
  const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'ab12', issuerKeyHash: 'cd34', serialNumber: '0a' };
  const listing = system.operate(station.stationId, 'list-certificates');
  await station.obey('GetInstalledCertificateIds', { status: 'Accepted', certificateHashData: [hash] });
  await station.obey('GetInstalledCertificateIds', { status: 'NotFound' });
  await listing;
  expect(Object.keys(await system.items(station.stationId, 'certificate'))).toEqual(['ab12/0a']);
  const deleting = system.operate(station.stationId, 'delete-certificate', { certificate: hash });
  expect(await station.obey('DeleteCertificate')).toEqual({ certificateHashData: hash });
  await deleting;
  await eventually(async () => Object.keys(await system.items(station.stationId, 'certificate')).length === 0);
});
