// Every example is played at a scripted back end, frame by frame against the schemas; and what is no scenario is told so by step.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../command/command-line';
import { runSubcommand } from '../command/subcommands';
import { BadScenario, readScenario, runScenario, ScenarioFailed } from '../index';
import { eventually, type ReceivedCall, ScriptedBackEnd, wellMeaning } from '../testing/scripted-back-end';
import { difference, filledIn } from './matching';

const FOLDER = join(__dirname, '..', '..', 'examples');
const EXAMPLES = readdirSync(FOLDER);
const INVALID = { idTokenInfo: { status: 'Invalid' } };

/** What the back end does in an example besides answering. */
const ACTS: Readonly<Record<string, (backEnd: ScriptedBackEnd) => Promise<unknown>>> = {
  'remote-stop-v16.json': async (backEnd) => {
    await eventually(() => backEnd.actions().includes('MeterValues'));
    return backEnd.command('RemoteStopTransaction', { transactionId: 1 });
  },
  'firmware-invalid-signature-v16.json': async (backEnd) => {
    await eventually(() => backEnd.actions().includes('BootNotification'));
    const retrieveDateTime = new Date().toISOString();
    const firmware = { location: 'https://x/fw', retrieveDateTime, signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 's' };
    return backEnd.command('SignedUpdateFirmware', { requestId: 1, firmware });
  },
  'refused-reset-v21.json': async (backEnd) => {
    await eventually(() => backEnd.actions().includes('BootNotification'));
    return backEnd.command('Reset', { type: 'Immediate' });
  },
};

async function backEndFor(version: '1.6' | '2.0.1' | '2.1'): Promise<ScriptedBackEnd> {
  const well = wellMeaning(version);
  const backEnd = new ScriptedBackEnd(version, (call: ReceivedCall) =>
    JSON.stringify(call.payload).includes('UNKNOWN') ? INVALID : well(call),
  );
  await backEnd.listen();
  return backEnd;
}

it.each(EXAMPLES)('the example %s comes out as it says', async (file) => {
  const scenario = readScenario(readFileSync(join(FOLDER, file), 'utf8'));
  const backEnd = await backEndFor(scenario.station.version);
  const act = ACTS[file]?.(backEnd);
  await runScenario(scenario, { url: backEnd.url, identity: 'SCENARIO-1' });
  await act;
  await backEnd.die();
  if (!file.startsWith('quirks')) expect(backEnd.violations).toEqual([]);
  else expect(backEnd.violations.join('\n')).toMatch(/chargePointSerialNumber[\s\S]*errorCode/);
  if (file.startsWith('remote-stop')) expect(backEnd.payloadsOf('StopTransaction')[0]).toMatchObject({ reason: 'Remote' });
  if (file.startsWith('refused')) expect(await act).toEqual({ status: 'Rejected' });
  if (file.startsWith('firmware')) {
    expect(backEnd.payloadsOf('SignedFirmwareStatusNotification').at(-1)).toMatchObject({ status: 'InvalidSignature' });
  }
});

const scenarioOf = (steps: readonly object[], version = '1.6') =>
  JSON.stringify({ format: 'evenkeel-scenario-1', about: 'a test', station: { version }, steps });

it.each([
  ['not JSON', '{', /not JSON/],
  ['another format', '{"format": "x"}', /not a scenario/],
  ['another version', scenarioOf([{ do: 'connect' }], '1.5'), /version/],
  [
    'a step that there is not',
    scenarioOf([{ do: 'connect' }, { do: 'dance' }]),
    /^step 2 \(dance\): there is no such step; there are connect, /,
  ],
  ['a step without what it needs', scenarioOf([{ do: 'start' }]), /^step 1 \(start\): the value must have required property 'connectorId'/],
  ['a step with too much', scenarioOf([{ do: 'wait', seconds: 1, minutes: 2 }]), /^step 1 \(wait\): .*minutes/],
  ['a probability above one', scenarioOf([{ do: 'faults', faults: { drop: 2 } }]), /^step 1 \(faults\): \/faults\/drop must be <= 1/],
])('%s is refused with the place', (_, text, message) => {
  expect(() => readScenario(text)).toThrow(BadScenario);
  expect(() => readScenario(text)).toThrow(message);
});

it('a step that does not come out ends the scenario and names itself', async () => {
  const backEnd = await backEndFor('1.6');
  const steps = [{ do: 'connect' }, { do: 'boot', status: 'Pending' }, { do: 'wait', seconds: 0 }];
  const failing = runScenario(readScenario(scenarioOf(steps)), { url: backEnd.url, identity: 'S1' });
  await expect(failing).rejects.toThrow(ScenarioFailed);
  await expect(failing).rejects.toThrow('step 2 (boot): /status is "Accepted", not "Pending"');
  const awaiting = scenarioOf([{ do: 'connect' }, { do: 'expect', action: 'Reset', answer: { status: 'Rejected' }, withinSeconds: 0.02 }]);
  await expect(runScenario(readScenario(awaiting), { url: backEnd.url, identity: 'S1' })).rejects.toThrow(
    'no Reset that fits came within 0.02 s',
  );
  await backEnd.die();
});

it('a refused handshake can be what is expected', async () => {
  const backEnd = await backEndFor('1.6');
  backEnd.refuseWith = 401;
  const place = { url: backEnd.url, identity: 'S1' };
  await runScenario(readScenario(scenarioOf([{ do: 'connect', refusedWith: 401 }])), place);
  await expect(runScenario(readScenario(scenarioOf([{ do: 'connect', refusedWith: 404 }])), place)).rejects.toThrow('401');
  await backEnd.die();
});

it('matching names the first difference, and names are filled in', () => {
  expect(difference({ a: [1, { b: '*' }] }, { a: [1, { b: null }, 3], c: 4 })).toBeUndefined();
  expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toBe('/a/1/b is 3, not 2');
  expect(difference({ a: '*' }, {})).toBe('/a is missing');
  expect(filledIn({ a: ['$x', 'y'] }, (name) => name.toUpperCase())).toEqual({ a: ['X', 'y'] });
});

describe('the command', () => {
  const quiet = async (args: readonly string[]) => {
    const lines: string[] = [];
    const failures = await runSubcommand(args, (line) => lines.push(line), new AbortController().signal);
    return { failures, text: lines.join('\n') };
  };

  it('explains itself and its subcommands', async () => {
    expect((await quiet([])).text).toMatch(/Usage: evenkeel-station <subcommand>[\s\S]*Examples:/);
    for (const name of ['charge', 'fleet', 'scenario', 'replay']) {
      expect((await quiet([name, '--help'])).text).toContain(`Usage: evenkeel-station ${name}`);
    }
    await expect(quiet(['dance'])).rejects.toThrow('there is no subcommand dance');
  });

  it('plays a scenario, and counts one that fails', async () => {
    const backEnd = await backEndFor('1.6');
    const where = ['--url', backEnd.url, '--station', 'S1', '--quiet', '--speed', '2000'];
    const played = await quiet(['scenario', join(FOLDER, 'charge-v16.json'), ...where]);
    expect(played).toMatchObject({ failures: 0, text: expect.stringContaining('all 8 steps') });
    await backEnd.die();
    expect(await quiet(['scenario', join(FOLDER, 'charge-v16.json'), ...where])).toMatchObject({
      failures: 1,
      text: expect.stringContaining('failed at step 1 (connect)'),
    });
    expect((await quiet(['scenario', join(FOLDER, 'charge-v16.json'), '--check'])).failures).toBe(0);
    await expect(quiet(['scenario', 'nowhere.json', '--check'])).rejects.toThrow('nowhere.json');
  });

  it('takes options without a subcommand for charging', () => {
    expect(readCommandLine(['--url', 'ws://x', '--station', 'S', '--version', '2.1', '--seed', '5'])).toMatchObject({
      version: '2.1',
      seed: 5,
    });
  });
});
