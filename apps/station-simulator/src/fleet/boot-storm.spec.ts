import { Fleet } from '../index';
import { eventually, ScriptedBackEnd, wellMeaning } from '../testing/scripted-back-end';

const identities = Array.from({ length: 300 }, (_, index) => `FLEET-${index + 1}`);

it('RPC-71: a storm of 300 stations proves itself, boots, tells its connectors and settles', async () => {
  const backEnd = new ScriptedBackEnd('2.0.1', wellMeaning('2.0.1'));
  await backEnd.listen();
  const fleet = new Fleet({ url: backEnd.url, identities, version: '2.0.1', passwordOf: (_, number) => `secret-${number}` });
  const report = await fleet.settle();
  expect(report).toMatchObject({ stations: 300, settled: 300, dials: 300, failedDials: {} });
  expect(backEnd.payloadsOf('BootNotification')).toHaveLength(300);
  expect(backEnd.payloadsOf('StatusNotification')).toHaveLength(600);
  expect(new Set(backEnd.authorizations).size).toBe(300);
  await fleet.close();
  await backEnd.die();
  expect(backEnd.violations).toEqual([]);
});

it('RPC-71: stations that are refused come back with growing waits until they are let in', async () => {
  const backEnd = new ScriptedBackEnd('1.6', wellMeaning('1.6'));
  await backEnd.listen();
  backEnd.refuseWith = 503;
  const backOff = { waitMinimumMilliseconds: 40, randomRangeMilliseconds: 40, repeatTimes: 3 };
  const fleet = new Fleet({ url: backEnd.url, identities: identities.slice(0, 20), version: '1.6', backOff });
  const settling = fleet.settle();
  setTimeout(() => {
    backEnd.refuseWith = undefined;
  }, 200);
  const report = await settling;
  expect(report.settled).toBe(20);
  expect(report.failedDials['503']).toBeGreaterThanOrEqual(20);
  expect(report.dials).toBe(20 + (report.failedDials['503'] ?? 0));
  await fleet.close();
  await backEnd.die();
});

it('a settled fleet tells that it is alive', async () => {
  const well = wellMeaning('2.1');
  const backEnd = new ScriptedBackEnd('2.1', async (call) => {
    const answer = await well(call);
    return call.action === 'BootNotification' ? { ...Object(answer), interval: 1 } : answer;
  });
  await backEnd.listen();
  const fleet = new Fleet({ url: backEnd.url, identities: ['A', 'B'], version: '2.1' });
  await fleet.settle();
  await eventually(() => backEnd.payloadsOf('Heartbeat').length >= 4);
  await fleet.close();
  await backEnd.die();
  expect(backEnd.violations).toEqual([]);
});

it('gives up when the signal says so', async () => {
  const fleet = new Fleet({ url: 'ws://127.0.0.1:1/ocpp', identities: ['A'], version: '2.1' });
  expect(await fleet.settle(AbortSignal.timeout(50))).toMatchObject({ settled: 0 });
  await fleet.close();
});
