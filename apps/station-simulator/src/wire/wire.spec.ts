// The line: frames of OCPP 2.1, faults by seed, half-open sockets, back-off, quirks, TLS and the shared wheel.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { Chance } from '../chance';
import { AnswerUnusable, CallTimedOut, SimulatedStation, TimerWheel } from '../index';
import { bench } from '../testing/bench';
import { TestAuthority } from '../testing/certificates';
import { eventually } from '../testing/scripted-back-end';
import { type Alarm, ownTimers } from '../timers';
import { BackOffSequence } from './back-off';
import { FaultyLine, type LineFaults } from './faults';
import { withQuirks } from './quirks';

describe('frames', () => {
  it('RPC-49: a SEND leaves while a CALL waits for its answer', async () => {
    const { station, backEnd, end } = await bench('2.1', {}, ({ action }) => (action === 'Heartbeat' ? 'silence' : {}));
    const beat = station.heartbeat().catch((error: unknown) => error);
    await eventually(() => backEnd.actions().length === 1);
    await station.send('NotifyPeriodicEventStream', { id: 1, pending: 0, basetime: '2026-03-01T10:00:00.000Z', data: [{ t: 0, v: '1' }] });
    await eventually(() => backEnd.actions().length === 2);
    expect(backEnd.actions()).toEqual(['Heartbeat', 'NotifyPeriodicEventStream']);
    expect(await end()).toEqual([]);
    expect(await beat).toBeInstanceOf(Error);
  });

  it('RPC-48: an answer that cannot be used is refused with CALLRESULTERROR in OCPP 2.1, silently before', async () => {
    for (const version of ['2.1', '2.0.1'] as const) {
      const { station, backEnd, end } = await bench(version);
      station.refuseNextAnswer('Heartbeat');
      await expect(station.heartbeat()).rejects.toEqual(new AnswerUnusable('Heartbeat'));
      await station.heartbeat();
      expect(backEnd.refusedAnswers).toEqual(version === '2.1' ? ['FormatViolation'] : []);
      expect(await end()).toEqual([]);
    }
  });

  it('a SEND before OCPP 2.1 is refused at home', async () => {
    const { station, end } = await bench('2.0.1');
    await expect(station.send('NotifyPeriodicEventStream', {})).rejects.toThrow('OCPP 2.1');
    expect(await end()).toEqual([]);
  });
});

describe('a half-open socket', () => {
  it('neither answers nor hears, and recovers', async () => {
    const { station, command, end } = await bench('2.0.1', { callTimeoutMilliseconds: 50 });
    station.freeze();
    await expect(station.heartbeat()).rejects.toEqual(new CallTimedOut('Heartbeat'));
    let answered = false;
    const answer = command('ClearCache', {}).then((given) => {
      answered = true;
      return given;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    station.thaw();
    expect(await answer).toEqual({ status: 'Rejected' });
    expect(await end()).toEqual([]);
  });
});

describe('pings', () => {
  it('RPC-65: are sent as often as the back end wants, and a line without pongs is cut', async () => {
    const { backEnd, command, end } = await bench('1.6');
    expect(await command('ChangeConfiguration', { key: 'websocketpinginterval', value: '1' })).toEqual({ status: 'Accepted' });
    await eventually(() => backEnd.pings >= 2);
    expect(backEnd.paths).toHaveLength(1);
    backEnd.hang();
    await eventually(() => backEnd.paths.length === 2);
    expect(await end()).toEqual([]);
  });
});

/** What arrives of ten frames, in what order. */
function carried(faults: LineFaults, seed: number): number[] {
  const waiting: Array<() => void> = [];
  const timers = {
    after(_: number, work: () => void): Alarm {
      waiting.push(work);
      return { cancel: () => undefined };
    },
  };
  const arrived: number[] = [];
  const line = new FaultyLine(faults, new Chance(seed), timers);
  for (let frame = 0; frame < 10; frame++) line.carry(() => void arrived.push(frame));
  for (const work of waiting) work();
  return arrived;
}

describe('faults', () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

  it('follow from the seed', () => {
    const faults = { drop: 0.2, duplicate: 0.2, reorder: 0.2, delay: 0.2 };
    expect(carried(faults, 3)).toEqual(carried(faults, 3));
    expect(carried(faults, 3)).not.toEqual(carried(faults, 4));
  });

  it('drop loses, duplicate doubles, reorder and delay lose nothing', () => {
    expect(carried({ drop: 1 }, 1)).toEqual([]);
    expect(carried({ duplicate: 1 }, 1)).toEqual(all.flatMap((frame) => [frame, frame]));
    for (const faults of [{ reorder: 0.5 }, { delay: 0.5 }]) {
      expect(carried(faults, 2)).not.toEqual(all);
      expect(carried(faults, 2).sort()).toEqual(all);
    }
    expect(carried({ reorder: 1 }, 1)).toEqual([1, 0, 3, 2, 5, 4, 7, 6, 9, 8]);
  });

  it('RPC-59: transaction messages survive lost frames and lost answers', async () => {
    const faults = { drop: 0.15, loseAnswer: 0.15, duplicate: 0.1 };
    const { station, backEnd, end } = await bench('2.0.1', { faults, callTimeoutMilliseconds: 60 });
    const plan = { connectorId: 1, token: 'OK1', energyWh: 4_000, meterValues: 5, secondsBetweenMeterValues: 60, authorizeFirst: false };
    const record = await station.charge(plan);
    expect(record).toMatchObject({ meterStopWh: 4_000, stopReason: 'Local' });
    const numbers = backEnd.payloadsOf('TransactionEvent').map(({ seqNo }) => Number(seqNo));
    expect([...new Set(numbers)].sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(numbers.length).toBeGreaterThan(8);
    expect(await end()).toEqual([]);
  });
});

describe('back-off', () => {
  const backOff = { waitMinimumMilliseconds: 1_000, randomRangeMilliseconds: 500, repeatTimes: 2 };

  it('RPC-71: starts at the minimum plus a random part, doubles so often as asked, then stays', () => {
    const waits = new BackOffSequence(() => backOff, new Chance(1));
    const [first = 0, second = 0, third = 0, fourth = 0] = [1, 2, 3, 4].map(() => waits.nextMilliseconds());
    expect(first).toBeGreaterThanOrEqual(1_000);
    expect(first).toBeLessThan(1_500);
    expect(second).toBeGreaterThanOrEqual(first * 2);
    expect(third).toBeGreaterThanOrEqual(second * 2);
    expect(fourth).toBe(third);
    waits.reset();
    expect(waits.nextMilliseconds()).toBeLessThan(1_500);
  });
});

describe('quirks', () => {
  it('change what is sent and nothing else', () => {
    const payload = { timestamp: '2026-03-01T10:00:00.000Z', meterValue: [{ value: 5 }], chargingStation: { serialNumber: 'A' } };
    const replace = [
      { action: 'X', path: 'chargingStation.serialNumber', value: 'B'.repeat(30) },
      { action: 'X', path: 'meterValue.0.unit', value: 'Celcius' },
      { action: 'Y', path: 'timestamp', value: 'never' },
    ];
    expect(withQuirks('X', payload, { zonelessTimestamps: true, numbersAsText: true, replace })).toEqual({
      timestamp: '2026-03-01T10:00:00.000',
      meterValue: [{ value: '5', unit: 'Celcius' }],
      chargingStation: { serialNumber: 'B'.repeat(30) },
    });
    expect(payload.meterValue).toEqual([{ value: 5 }]);
  });

  it('RPC-60: message ids may count from 1 on each connection', async () => {
    const { station, backEnd, end } = await bench('1.6', { quirks: { countingMessageIds: true } });
    await station.heartbeat();
    await station.heartbeat();
    station.dropConnection();
    await eventually(() => backEnd.paths.length === 2);
    await station.heartbeat();
    expect(backEnd.received.map(({ id }) => id)).toEqual(['1', '2', '1']);
    expect(await end()).toEqual([]);
  });

  it('RPC-33: the password may be sent as the hexadecimal text of its bytes', async () => {
    const { backEnd, end } = await bench('1.6', { password: 'secret', quirks: { hexadecimalPassword: true } });
    const header = Buffer.from(backEnd.authorizations[0]?.slice(6) ?? '', 'base64').toString();
    expect(header).toBe('BENCH-1:736563726574');
    expect(await end()).toEqual([]);
  });

  it('a clock that is wrong tells wrong times', async () => {
    const { station, heard, end } = await bench('1.6', { clockSkewSeconds: -86_400 });
    await station.status(1, 'Available');
    expect((await heard('StatusNotification'))[0]?.timestamp).toMatch(/^2026-02-28T/);
    expect(await end()).toEqual([]);
  });
});

describe('the timer wheel', () => {
  it('rings in order, not early, and not when cancelled; an idle wheel holds no timer', async () => {
    const wheel = new TimerWheel(5, 8);
    const rung: string[] = [];
    const began = performance.now();
    await new Promise<void>((resolve) => {
      wheel.after(120, () => {
        rung.push('late');
        resolve();
      });
      wheel.after(10, () => rung.push('soon'));
      wheel.after(30, () => rung.push('never')).cancel();
      wheel.after(60, () => rung.push('later'));
    });
    expect(rung).toEqual(['soon', 'later', 'late']);
    expect(performance.now() - began).toBeGreaterThanOrEqual(120);
    expect(wheel.size).toBe(0);
  });

  it('own timers can be cancelled too', async () => {
    let rung = false;
    ownTimers
      .after(5, () => {
        rung = true;
      })
      .cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rung).toBe(false);
  });
});

describe('TLS', () => {
  it('RPC-21: connects where it trusts the server and nowhere else', async () => {
    const authority = new TestAuthority();
    const server = createServer(authority.serverCertificate());
    const sockets = new WebSocketServer({ server, handleProtocols: () => 'ocpp2.0.1' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`;
    await expect(SimulatedStation.connect({ url, identity: 'TLS1', version: '2.0.1' })).rejects.toThrow(/certificate/);
    const station = await SimulatedStation.connect({ url, identity: 'TLS1', version: '2.0.1', tls: { ca: authority.root } });
    expect(station.connected).toBe(true);
    await station.close();
    sockets.close();
    server.close();
    authority.remove();
  });
});
