import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import { DOORS } from './acceptance-network';
import type { Version } from './minimal-station';
import { SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const versions: readonly Version[] = ['1.6', '2.0.1', '2.1'];
const read = { variables: [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval' }] };
const readAction = (version: Version) => (version === '1.6' ? 'GetConfiguration' : 'GetVariables');
const readAnswer = (version: Version) =>
  version === '1.6'
    ? { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }] }
    : {
        getVariableResult: [
          {
            attributeStatus: 'Accepted',
            attributeValue: '300',
            component: { name: 'OCPPCommCtrlr' },
            variable: { name: 'HeartbeatInterval' },
          },
        ],
      };

describe.each(versions)('OCPP %s', (version) => {
  it('RP-01: what is no RPC message is answered with id -1 or not at all, never echoed, and the connection stays', async () => {
    const station = await system.newStation(version);
    const before = station.frames.length;
    for (const text of ['hello', '{}', '[]', '[2]']) station.send(text);
    await station.ask('Heartbeat');
    const answers = station.frames.slice(before, -1).filter(([type]) => type !== 2);
    for (const [type, id] of answers) expect([type, id]).toEqual([4, '-1']);
    expect(JSON.stringify(answers)).not.toContain('hello');
  });

  it('RP-02: a CALL that lacks something is refused under its own id', async () => {
    const station = await system.newStation(version);
    station.send('[2,"x1","Heartbeat"]');
    station.send('[2,"x2","Heartbeat",null]');
    station.send('[2,"x3",5,{}]');
    const refusals = await eventually(() => {
      const found = station.frames.filter(([type, id]) => type === 4 && ['x1', 'x2', 'x3'].includes(id));
      return found.length === 3 && found;
    });
    for (const refusal of refusals) expect(refusal).toHaveLength(5);
  });

  it('RP-03: an action that there is not is NotImplemented', async () => {
    const station = await system.newStation(version);
    expect(await station.refusal('DoMagic')).toBe('NotImplemented');
  });

  it('RP-04: an action of another version or direction is NotImplemented', async () => {
    const station = await system.newStation(version);
    const foreign = version === '1.6' ? ['TransactionEvent', 'RemoteStartTransaction'] : ['StartTransaction', 'Reset'];
    for (const action of foreign) expect(await station.refusal(action)).toBe('NotImplemented');
  });

  it('RP-05: a station that is held to the schemas is told what is wrong in the words of its version', async () => {
    const station = await system.newStation(version, { strictInbound: true });
    const tokenOf = (token: unknown) => (version === '1.6' ? { idTag: token } : { idToken: { idToken: token, type: 'ISO14443' } });
    const occurrence = version === '1.6' ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
    expect(await station.refusal('Authorize')).toBe(occurrence);
    expect(await station.refusal('Authorize', tokenOf('x'.repeat(1000)))).toBe('PropertyConstraintViolation');
    expect(await station.refusal('Authorize', tokenOf(7))).toBe('TypeConstraintViolation');
    await station.ask('Heartbeat');
  });

  it('RP-06: an unknown message type is passed over, and the next call is answered', async () => {
    const station = await system.newStation(version);
    const before = station.frames.length;
    station.send('[9,"x5","Heartbeat",{}]');
    await station.ask('Heartbeat');
    const answers = station.frames
      .slice(before)
      .filter(([type]) => type !== 2)
      .map(([type, , code]) => (type === 4 ? code : type));
    expect(answers).toEqual(version === '2.0.1' ? ['MessageTypeNotSupported', 3] : [3]);
  });

  it('RP-07: an answer that nobody waits for is passed over', async () => {
    const station = await system.newStation(version);
    const before = station.frames.length;
    station.send('[3,"never",{}]');
    station.send('[4,"never","GenericError","",{}]');
    await station.ask('Heartbeat');
    expect(station.frames.slice(before).filter(([type]) => type !== 2)).toHaveLength(1);
  });

  it('RP-08: a second command is sent when the first is answered', async () => {
    const station = await system.newStation(version);
    const commands = [1, 2, 3].map(() => system.operate(station.stationId, 'read-configuration', read));
    for (let at = 0; at < 3; at += 1) {
      const call = await station.heardCall(readAction(version));
      await pause(300);
      expect(station.unanswered).toEqual([]);
      station.answer(call, readAnswer(version));
    }
    for (const command of await Promise.all(commands)) expect(command.status).toBe('done');
  });

  it('RP-09: calls of the station are answered while a command of ours is open', async () => {
    const station = await system.newStation(version);
    const started = system.operate(station.stationId, 'start', { token: { uid: 'OK1', type: 'RFID' }, evseId: 1 });
    const call = await station.heardCall(version === '1.6' ? 'RemoteStartTransaction' : 'RequestStartTransaction');
    const status =
      version === '1.6'
        ? { connectorId: 1, errorCode: 'NoError', status: 'Preparing' }
        : { timestamp: new Date().toISOString(), evseId: 1, connectorId: 1, connectorStatus: 'Occupied' };
    const before = Date.now();
    await station.ask('StatusNotification', status);
    await station.ask('Heartbeat');
    expect(Date.now() - before).toBeLessThan(2_000);
    station.answer(call, { status: 'Accepted' });
    expect((await started).status).toBe('accepted');
  });

  it('RP-10: a command that is not answered is unknown, the next one is sent, and the connection stays', async () => {
    const station = await system.newStation(version, {}, { door: 'impatient' });
    const silent = system.operate(station.stationId, 'read-configuration', read);
    const failed = expect(silent).rejects.toThrow(/504.*did not answer in time/);
    const next = system.operate(station.stationId, 'read-configuration', read);
    await station.heardCall(readAction(version));
    // The next one comes when the first has run out of time, and is answered at once: its time is as short.
    await Promise.all([failed, station.obey(readAction(version), readAnswer(version))]);
    expect((await next).status).toBe('done');
    await station.ask('Heartbeat');
  });

  it('RP-11: a ping is answered with its data, and a station that is silent is shown offline', async () => {
    const station = await system.newStation(version, {}, { door: 'watchful' });
    const pong = new Promise<string>((resolve) => station.socket.once('pong', (data) => resolve(data.toString())));
    station.socket.ping('abc');
    expect(await pong).toBe('abc');
    // No pong leaves any more.
    station.socket.pong = () => undefined;
    await eventually(() => station.closeCode !== undefined, Number(DOORS.watchful.PING_INTERVAL_MS) * 10);
    await eventually(async () => !(await system.station(station.stationId)).connected);
  });
});
