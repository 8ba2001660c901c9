// What a station of OCPP 1.6 does with the commands it takes, as the back end sees it.
import { type Bench, bench, START } from '../testing/bench';
import { TestAuthority } from '../testing/certificates';
import { eventually } from '../testing/scripted-back-end';

let under: Bench;
beforeEach(async () => {
  under = await bench('1.6');
});
afterEach(async () => {
  expect(await under.end()).toEqual([]);
});

const inSeconds = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const statuses = () => under.backEnd.payloadsOf('StatusNotification').map(({ connectorId, status }) => `${connectorId} ${status}`);
const statusOf = async (action: string, payload: object) => (await under.command(action, payload)).status;

describe('configuration', () => {
  it('TC_021: keys are changed, refused, unknown, or wait for a boot', async () => {
    const change = (key: string, value: string) => statusOf('ChangeConfiguration', { key, value });
    expect(await change('meterValueSampleInterval', '30')).toBe('Accepted');
    expect(await change('MeterValueSampleInterval', 'often')).toBe('Rejected');
    expect(await change('NumberOfConnectors', '4')).toBe('Rejected');
    expect(await change('FavouriteColour', 'green')).toBe('NotSupported');
    expect(await change('SecurityProfile', '2')).toBe('RebootRequired');
    const read = (key: string) => under.command('GetConfiguration', { key: [key] });
    expect(await read('SecurityProfile')).toMatchObject({ configurationKey: [{ value: '1' }] });
    await statusOf('Reset', { type: 'Hard' });
    await under.heard('StatusNotification', 2);
    expect(await read('SecurityProfile')).toMatchObject({ configurationKey: [{ value: '2' }] });
    expect(await read('MeterValueSampleInterval')).toMatchObject({ configurationKey: [{ value: '30' }] });
  });

  it('TC_073: a new AuthorizationKey is not told, and proves the next connection', async () => {
    expect(await statusOf('ChangeConfiguration', { key: 'AuthorizationKey', value: 'aa'.repeat(16) })).toBe('Accepted');
    await eventually(() => under.backEnd.authorizations.length === 2);
    const header = Buffer.from(under.backEnd.authorizations[1]?.slice(6) ?? '', 'base64');
    expect(header).toEqual(Buffer.concat([Buffer.from('BENCH-1:'), Buffer.alloc(16, 0xaa)]));
    await eventually(() => under.station.connected);
    expect(await under.command('GetConfiguration', { key: ['AuthorizationKey'] })).toEqual({
      configurationKey: [{ key: 'AuthorizationKey', readonly: false }],
    });
  });
});

describe('the local list', () => {
  it('TC_043: is replaced, changed, refused when it is older, and used offline', async () => {
    const send = (listVersion: number, updateType: string, localAuthorizationList: object[]) =>
      statusOf('SendLocalList', { listVersion, updateType, localAuthorizationList });
    expect(await send(5, 'Full', [{ idTag: 'A', idTagInfo: { status: 'Accepted' } }])).toBe('Accepted');
    expect(await send(6, 'Differential', [{ idTag: 'B', idTagInfo: { status: 'Blocked' } }, { idTag: 'A' }])).toBe('Accepted');
    expect(await send(6, 'Differential', [])).toBe('VersionMismatch');
    expect(await send(7, 'Full', [{ idTag: 'C' }])).toBe('Failed');
    expect(await under.command('GetLocalListVersion', {})).toEqual({ listVersion: 6 });
    under.station.goOffline();
    expect(await under.station.authorize('b')).toBe('Blocked');
    await under.station.goOnline();
    expect(await under.station.authorize('b')).toBe('Accepted');
  });
});

describe('reservations', () => {
  const reserve = (connectorId: number, idTag: string, reservationId: number, seconds = 3_600) =>
    statusOf('ReserveNow', { connectorId, idTag, reservationId, expiryDate: inSeconds(seconds) });

  it('TC_046: a reserved connector is for its driver, who uses it up', async () => {
    expect(await reserve(1, 'A', 11)).toBe('Accepted');
    expect(await reserve(1, 'B', 12)).toBe('Occupied');
    expect(await statusOf('RemoteStartTransaction', { idTag: 'B', connectorId: 1 })).toBe('Rejected');
    expect(await statusOf('RemoteStartTransaction', { idTag: 'a', connectorId: 1 })).toBe('Accepted');
    expect((await under.heard('StartTransaction'))[0]).toMatchObject({ reservationId: 11 });
    expect(statuses()[0]).toBe('1 Reserved');
    expect(await statusOf('CancelReservation', { reservationId: 11 })).toBe('Rejected');
  });

  it('TC_047, TC_051: one that expires or is cancelled frees the connector', async () => {
    expect(await reserve(1, 'A', 11, 60)).toBe('Accepted');
    await eventually(() => statuses().includes('1 Available'));
    expect(await reserve(2, 'A', 12)).toBe('Accepted');
    expect(await statusOf('CancelReservation', { reservationId: 12 })).toBe('Accepted');
    await eventually(() => statuses().includes('2 Available'));
    expect(statuses()).toEqual(['1 Reserved', '1 Available', '2 Reserved', '2 Available']);
  });
});

describe('availability and unlocking', () => {
  it('a connector with a car becomes unavailable when the car is gone', async () => {
    await statusOf('RemoteStartTransaction', { idTag: 'A', connectorId: 1 });
    await under.heard('StartTransaction');
    expect(await statusOf('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toBe('Scheduled');
    expect(await statusOf('ChangeAvailability', { connectorId: 2, type: 'Inoperative' })).toBe('Accepted');
    await eventually(() => statuses().includes('2 Unavailable'));
    expect(statuses()).not.toContain('1 Unavailable');
    expect(await statusOf('UnlockConnector', { connectorId: 1 })).toBe('Unlocked');
    expect((await under.heard('StopTransaction'))[0]).toMatchObject({ reason: 'UnlockCommand' });
    await eventually(() => statuses().includes('1 Unavailable'));
    expect(await statusOf('RemoteStartTransaction', { idTag: 'A', connectorId: 1 })).toBe('Rejected');
  });
});

describe('smart charging', () => {
  const csChargingProfiles = {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: {
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 6_000 },
        { startPeriod: 180, limit: 0 },
      ],
    },
  };

  it('TC_056, TC_066: a profile limits what the car draws, and the composite schedule says so', async () => {
    expect(await statusOf('SetChargingProfile', { connectorId: 1, csChargingProfiles })).toBe('Accepted');
    const plan = { connectorId: 1, token: 'A', energyWh: 22_000, meterValues: 6, secondsBetweenMeterValues: 60, powerCurve: [1] };
    const record = await under.station.charge(plan);
    // Three minutes at 6 kW, then nothing.
    expect(record.meterStopWh).toBe(300);
    expect(statuses()).toContain('1 SuspendedEVSE');
    expect(await under.command('GetCompositeSchedule', { connectorId: 1, duration: 120, chargingRateUnit: 'W' })).toMatchObject({
      status: 'Accepted',
      chargingSchedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }] },
    });
  });

  it('TC_067: what cannot be is rejected, what is cleared is gone', async () => {
    const rejected = [
      { connectorId: 1, csChargingProfiles: { ...csChargingProfiles, chargingProfilePurpose: 'TxProfile' } },
      { connectorId: 1, csChargingProfiles: { ...csChargingProfiles, chargingProfilePurpose: 'ChargePointMaxProfile' } },
      { connectorId: 1, csChargingProfiles: { ...csChargingProfiles, stackLevel: 99 } },
      { connectorId: 9, csChargingProfiles },
    ];
    for (const payload of rejected) expect(await statusOf('SetChargingProfile', payload)).toBe('Rejected');
    await statusOf('SetChargingProfile', { connectorId: 0, csChargingProfiles });
    expect(await statusOf('ClearChargingProfile', { id: 2 })).toBe('Unknown');
    expect(await statusOf('ClearChargingProfile', { chargingProfilePurpose: 'TxDefaultProfile' })).toBe('Accepted');
  });
});

describe('firmware, diagnostics and logs', () => {
  const told = (action: string) => under.backEnd.payloadsOf(action).map(({ status }) => status);

  it('TC_044_1: an update ends in a boot with the new version', async () => {
    await under.command('UpdateFirmware', { location: 'ftp://x/fw', retrieveDate: inSeconds(0) });
    await under.heard('FirmwareStatusNotification', 4);
    expect(told('FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
    expect((await under.heard('BootNotification'))[0]).toMatchObject({ firmwareVersion: '1.0.1' });
  });

  it('TC_080, TC_081: a signed update, verified, or of an invalid signature', async () => {
    const firmware = {
      location: 'https://x/fw',
      retrieveDateTime: inSeconds(0),
      signingCertificate: '-----BEGIN CERTIFICATE-----',
      signature: 's',
    };
    expect(await statusOf('SignedUpdateFirmware', { requestId: 3, firmware })).toBe('Accepted');
    await under.heard('SignedFirmwareStatusNotification', 6);
    expect(told('SignedFirmwareStatusNotification')).toEqual([
      'Downloading',
      'Downloaded',
      'SignatureVerified',
      'Installing',
      'InstallRebooting',
      'Installed',
    ]);
    under.station.behave({ firmware: 'InvalidSignature' });
    await statusOf('SignedUpdateFirmware', { requestId: 4, firmware });
    expect((await under.heard('SecurityEventNotification'))[0]).toMatchObject({ type: 'InvalidFirmwareSignature' });
    expect(under.backEnd.payloadsOf('SignedFirmwareStatusNotification').at(-1)).toEqual({ status: 'InvalidSignature', requestId: 4 });
  });

  it('TC_045_1, TC_079: uploads are told about; a newer one cancels the older; a trigger is answered with what is under way', async () => {
    await under.command('GetDiagnostics', { location: 'ftp://x/' });
    await under.heard('DiagnosticsStatusNotification', 2);
    expect(told('DiagnosticsStatusNotification')).toEqual(['Uploading', 'Uploaded']);
    const log = { log: { remoteLocation: 'https://x/' }, logType: 'SecurityLog' };
    under.station.behave({ stepSeconds: 30 });
    expect(await statusOf('GetLog', { ...log, requestId: 1 })).toBe('Accepted');
    await under.heard('LogStatusNotification');
    expect(await statusOf('GetLog', { ...log, requestId: 2 })).toBe('AcceptedCanceled');
    await under.heard('LogStatusNotification', 3);
    // An upload is over when its last status is answered; a station makes its next call only then.
    await under.station.authorize('anybody');
    expect(await statusOf('ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' })).toBe('Accepted');
    const statusesOfLog = await under.heard('LogStatusNotification', 4);
    expect(statusesOfLog).toEqual([
      { status: 'Uploading', requestId: 1 },
      { status: 'Uploading', requestId: 2 },
      { status: 'Uploaded', requestId: 2 },
      { status: 'Idle' },
    ]);
  });
});

describe('certificates', () => {
  it('TC_074, RPC-101: a real request is signed, and a chain for another key is rejected', async () => {
    const authority = new TestAuthority();
    await statusOf('ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' });
    const [{ csr } = { csr: '' }] = await under.heard<{ csr: string }>('SignCertificate');
    expect(authority.subjectOf(csr)).toMatch(/O = Evenkeel, CN = BENCH-1/);
    expect(await statusOf('CertificateSigned', { certificateChain: authority.root })).toBe('Rejected');
    expect((await under.heard('SecurityEventNotification'))[0]).toMatchObject({ type: 'InvalidChargePointCertificate' });
    expect(await statusOf('CertificateSigned', { certificateChain: authority.sign(csr) })).toBe('Accepted');
    authority.remove();
  });

  it('TC_075, TC_076: a root is installed, listed with the hashes that OCSP has for it, and deleted', async () => {
    const authority = new TestAuthority();
    const certificateType = 'CentralSystemRootCertificate';
    expect(await statusOf('GetInstalledCertificateIds', { certificateType })).toBe('NotFound');
    expect(await statusOf('InstallCertificate', { certificateType, certificate: 'nonsense' })).toBe('Rejected');
    expect(await statusOf('InstallCertificate', { certificateType, certificate: authority.root })).toBe('Accepted');
    const { certificateHashData } = await under.command<{ certificateHashData: object[] }>('GetInstalledCertificateIds', {
      certificateType,
    });
    expect(certificateHashData).toEqual([{ hashAlgorithm: 'SHA256', ...authority.hashDataOf(authority.root) }]);
    expect(await statusOf('DeleteCertificate', { certificateHashData: certificateHashData[0] })).toBe('Accepted');
    expect(await statusOf('DeleteCertificate', { certificateHashData: certificateHashData[0] })).toBe('NotFound');
    authority.remove();
  });
});

describe('what a script wants', () => {
  it('a command can be answered with another payload or an error, and be waited for', async () => {
    under.station.behave({ answers: { ClearCache: { status: 'Accepted' } }, errorCodes: { GetConfiguration: 'InternalError' } });
    expect(await statusOf('ClearCache', {})).toBe('Accepted');
    expect(await under.command('GetConfiguration', {})).toBe('InternalError');
    expect(await under.station.expectCommand({ action: 'ClearCache' })).toEqual({});
    const awaited = under.station.expectCommand({ action: 'UnlockConnector', answer: { answer: { status: 'UnlockFailed' } } });
    expect(await statusOf('UnlockConnector', { connectorId: 1 })).toBe('UnlockFailed');
    expect(await awaited).toEqual({ connectorId: 1 });
    await expect(under.station.expectCommand({ action: 'Reset', withinMilliseconds: 20 })).rejects.toThrow('no Reset');
  });
});
