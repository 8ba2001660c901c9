import { setTimeout as pause } from 'node:timers/promises';
import type { MinimalStation, Payload, Version } from './minimal-station';
import { SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const token = (idToken: string, type = 'ISO14443') => ({ idToken, type });

/** One transaction as a script tells it, by minutes before now. */
class Told {
  private seqNo = 0;
  private readonly nowMs = Date.now();

  constructor(
    private readonly station: MinimalStation,
    readonly transactionId: string,
  ) {}

  at(minutesAgo: number): string {
    return new Date(this.nowMs - minutesAgo * 60_000).toISOString();
  }

  event(
    eventType: string,
    triggerReason: string,
    minutesAgo: number,
    more: Payload & { info?: Payload; seqNo?: number } = {},
  ): Promise<Payload> {
    const { info = {}, seqNo = this.seqNo, ...rest } = more;
    this.seqNo = seqNo + 1;
    const transactionInfo = { transactionId: this.transactionId, ...info };
    return this.station.ask('TransactionEvent', {
      eventType,
      triggerReason,
      seqNo,
      timestamp: this.at(minutesAgo),
      transactionInfo,
      ...rest,
    });
  }

  register(minutesAgo: number, value: number, context = 'Sample.Periodic', more: Payload = {}): Payload {
    const measurand = 'Energy.Active.Import.Register';
    return { timestamp: this.at(minutesAgo), sampledValue: [{ value, context, measurand, ...more }] };
  }
}

const evse = { id: 1, connectorId: 1 };
const charging = { chargingState: 'Charging' };
const connected = { chargingState: 'EVConnected' };

describe.each(['2.0.1', '2.1'] as const)('OCPP %s', (version: Version) => {
  const newStation = () => system.newStation(version);

  it('T2-01: every event of a session is answered, and a token is judged where one is shown', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    await station.ask('StatusNotification', { timestamp: told.at(40), evseId: 1, connectorId: 1, connectorStatus: 'Occupied' });
    expect(await told.event('Started', 'CablePluggedIn', 40, { evse, info: connected })).toEqual({});
    expect((await station.ask('Authorize', { idToken: token('OK1') })).idTokenInfo).toMatchObject({ status: 'Accepted' });
    const authorized = await told.event('Updated', 'Authorized', 39, { idToken: token('OK1'), info: connected });
    expect(authorized.idTokenInfo).toMatchObject({ status: 'Accepted' });
    const begin = told.register(38, 1000, 'Transaction.Begin');
    expect(await told.event('Updated', 'ChargingStateChanged', 38, { info: charging, meterValue: [begin] })).not.toHaveProperty(
      'idTokenInfo',
    );
    const meterValue = [told.register(1, 6000, 'Transaction.End')];
    expect(await told.event('Ended', 'EVDeparted', 1, { info: { stoppedReason: 'EVDisconnected' }, meterValue })).not.toHaveProperty(
      'idTokenInfo',
    );
    expect(await system.cdr(station.stationId, told.transactionId)).toMatchObject({ energyWh: '5000' });
  });

  it('T2-02: a session that began without an EVSE shows it once it is told', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    await station.ask('Authorize', { idToken: token('OK1') });
    await told.event('Started', 'Authorized', 10, { idToken: token('OK1') });
    await told.event('Updated', 'CablePluggedIn', 9, { evse, info: connected });
    const session = await system.sessionThat(station.stationId, told.transactionId, ({ evseId }) => evseId !== undefined);
    expect(session.evseId).toBe(1);
  });

  it('T2-03: an unknown, a blocked and an expired token are told apart, in Authorize and in events', async () => {
    const station = await newStation();
    for (const [uid, verdict] of [
      ['UNK', /^(Invalid|Unknown)$/],
      ['BLK', /^Blocked$/],
      ['EXP', /^Expired$/],
    ] as const) {
      const answer = (await station.ask('Authorize', { idToken: token(uid) })).idTokenInfo as Payload;
      expect(String(answer.status)).toMatch(verdict);
      const told = new Told(station, system.newName('tx'));
      const inEvent = await told.event('Started', 'Authorized', 2, { evse, idToken: token(uid) });
      expect((inEvent.idTokenInfo as Payload).status).toBe(answer.status);
      await told.event('Ended', 'Deauthorized', 1, { info: { stoppedReason: 'DeAuthorized' } });
    }
  });

  it('T2-04: the group of a token is named in Authorize and in the event', async () => {
    const station = await newStation();
    const inGroup = { status: 'Accepted', groupIdToken: { idToken: 'G' } };
    expect((await station.ask('Authorize', { idToken: token('GRP1') })).idTokenInfo).toMatchObject(inGroup);
    const told = new Told(station, system.newName('tx'));
    expect((await told.event('Started', 'Authorized', 1, { evse, idToken: token('GRP1') })).idTokenInfo).toMatchObject(inGroup);
  });

  it('T2-05: a start button is welcome', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    const started = await told.event('Started', 'Authorized', 1, { evse, idToken: token('', 'NoAuthorization') });
    expect(started.idTokenInfo).toMatchObject({ status: 'Accepted' });
  });

  it('T2-06: a session of an unknown token is recorded, and nobody is billed', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    const started = await told.event('Started', 'Authorized', 5, { evse, idToken: token('UNK') });
    expect(String((started.idTokenInfo as Payload).status)).toMatch(/^(Invalid|Unknown)$/);
    await told.event('Ended', 'Deauthorized', 4, { info: { stoppedReason: 'DeAuthorized' } });
    const session = await system.sessionThat(
      station.stationId,
      told.transactionId,
      ({ status }) => status !== 'active' && status !== 'pending',
    );
    await pause(1_000);
    expect(await system.rest.cdrsOf(session.sessionId)).toEqual([]);
  });

  it('T2-08: a station may number on over its transactions', async () => {
    const station = await newStation();
    for (const first of [0, 0, 40]) {
      const told = new Told(station, system.newName('tx'));
      await told.event('Started', 'Authorized', 20, {
        evse,
        idToken: token('OK1'),
        seqNo: first,
        info: charging,
        meterValue: [told.register(20, 0, 'Transaction.Begin')],
      });
      await told.event('Ended', 'StopAuthorized', 10, { idToken: token('OK1'), meterValue: [told.register(10, 100, 'Transaction.End')] });
      const { cdr } = await system.cdr(station.stationId, told.transactionId);
      expect(cdr?.flags).not.toContain('gaps');
    }
  });

  it('T2-09: time before the driver was authorized is nobody’s, and time without energy is parking', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    await told.event('Started', 'EVDetected', 110);
    await told.event('Updated', 'CablePluggedIn', 105, { evse, info: connected });
    await told.event('Updated', 'Authorized', 104, { idToken: token('OK1'), info: connected });
    await told.event('Updated', 'ChargingStateChanged', 103, {
      info: charging,
      meterValue: [told.register(103, 100, 'Transaction.Begin')],
    });
    await told.event('Updated', 'ChargingStateChanged', 43, {
      info: { chargingState: 'SuspendedEV' },
      meterValue: [told.register(43, 7100)],
    });
    await told.event('Updated', 'StopAuthorized', 20, { idToken: token('OK1'), info: connected });
    await told.event('Updated', 'EVCommunicationLost', 5, { info: { chargingState: 'Idle' } });
    await told.event('Ended', 'EVDeparted', 0, {
      info: { stoppedReason: 'EVDisconnected' },
      meterValue: [told.register(0, 7100, 'Transaction.End')],
    });
    const { cdr } = await system.cdr(station.stationId, told.transactionId);
    const session = await system.session(station.stationId, told.transactionId);
    expect(cdr?.energyWh).toBe('7000');
    expect(Math.round(((cdr?.durationSeconds ?? 0) - (cdr?.parkingSeconds ?? 0)) / 60)).toBe(60);
    expect(session.snapshot?.authorizedAt).toBe(told.at(104));
  });

  it('T2-10: a session whose cable never came is over, with nothing delivered', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    await told.event('Started', 'Authorized', 2, { idToken: token('OK1') });
    await told.event('Ended', 'EVConnectTimeout', 1, { info: { stoppedReason: 'Timeout' } });
    const session = await system.sessionThat(station.stationId, told.transactionId, ({ endedAt }) => endedAt !== undefined);
    expect(session.energyWh).toBe('0');
    expect(session.snapshot?.stopReason ?? 'Timeout').toBe('Timeout');
  });

  it('T2-12: a reading of the EVSE belongs to its session, one of the main meter does not', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    await told.event('Started', 'Authorized', 30, {
      evse,
      idToken: token('OK1'),
      info: charging,
      meterValue: [told.register(30, 0, 'Transaction.Begin')],
    });
    expect(await station.ask('MeterValues', { evseId: 1, meterValue: [told.register(20, 4000, 'Sample.Clock')] })).toEqual({});
    expect(await station.ask('MeterValues', { evseId: 0, meterValue: [told.register(15, 900_000, 'Sample.Clock')] })).toEqual({});
    await told.event('Ended', 'StopAuthorized', 10, { idToken: token('OK1') });
    const session = await system.sessionThat(
      station.stationId,
      told.transactionId,
      ({ endedAt, energyWh }) => endedAt !== undefined && energyWh !== '0',
    );
    expect(session.energyWh).toBe('4000');
  });

  it('T2-13: units and multipliers are what they say', async () => {
    const station = await newStation();
    const told = new Told(station, system.newName('tx'));
    const begin = told.register(30, 12.5, 'Transaction.Begin', { unitOfMeasure: { unit: 'kWh' } });
    const end = told.register(10, 195, 'Transaction.End', { unitOfMeasure: { unit: 'Wh', multiplier: 2 } });
    await told.event('Started', 'Authorized', 30, { evse, idToken: token('OK1'), info: charging, meterValue: [begin] });
    await told.event('Ended', 'StopAuthorized', 10, { idToken: token('OK1'), meterValue: [end] });
    expect(await system.cdr(station.stationId, told.transactionId)).toMatchObject({ energyWh: '7000' });
  });
});

it('V21-03: a transaction that goes on after a power loss is one transaction', async () => {
  const station = await system.newStation('2.1');
  const told = new Told(station, system.newName('tx'));
  await told.event('Started', 'Authorized', 46, {
    evse,
    idToken: token('OK1'),
    info: charging,
    meterValue: [told.register(46, 0, 'Transaction.Begin')],
  });
  await told.event('Updated', 'MeterValuePeriodic', 36, { info: charging, meterValue: [told.register(36, 1500)] });
  await told.event('Updated', 'MeterValuePeriodic', 26, { info: charging, meterValue: [told.register(26, 3000)] });
  await station.close();
  const again = await system.connect(station.stationId, { version: '2.1' });
  await system.sessionThat(station.stationId, told.transactionId, ({ status }) => status === 'active');
  const resumed = new Told(again, told.transactionId);
  await resumed.event('Updated', 'TxResumed', 20, { seqNo: 3, info: charging });
  await resumed.event('Ended', 'StopAuthorized', 0, { idToken: token('OK1'), meterValue: [resumed.register(0, 6000, 'Transaction.End')] });
  expect(await system.cdr(station.stationId, told.transactionId)).toMatchObject({ energyWh: '6000' });
});
