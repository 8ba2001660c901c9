import { ScriptedBackEnd } from '../testing/scripted-back-end';
import { BadCommandLine, readCommandLine, run } from './command-line';

const required = ['--url', 'ws://127.0.0.1:1/ocpp', '--station', 'SIM'];

test('defaults describe one 1.6 station and a 20 kWh session of 45 minutes', () => {
  expect(readCommandLine([...required, '--token', 'OK1'])).toMatchObject({
    version: '1.6',
    identities: ['SIM'],
    energyWh: 20_000,
    minutes: 45,
    meterValues: 10,
    stay: false,
  });
});

test.each([
  [
    [...required, '--stations', '2'],
    ['SIM-1', 'SIM-2'],
  ],
  [
    [...required, '--stations', '2', '--id-pattern', 'EK*{n}*{station}'],
    ['EK*1*SIM', 'EK*2*SIM'],
  ],
])('a fleet is named by its pattern: %j', (args, identities) => {
  expect(readCommandLine(args).identities).toEqual(identities);
});

test.each([
  [[]],
  [['--url', 'ws://x']],
  [[...required, '--version', '1.5']],
  [[...required, '--minutes', 'ten']],
  [[...required, '--fast']],
])('a command line that makes no sense is refused: %j', (args) => {
  expect(() => readCommandLine(args)).toThrow(BadCommandLine);
});

test('a fleet charges once each and prints frames and sessions', async () => {
  const backEnd = new ScriptedBackEnd('1.6', ({ action }) => {
    if (action === 'BootNotification') return { status: 'Accepted', currentTime: '2026-03-01T10:00:00Z', interval: 60 };
    if (action === 'Authorize') return { idTagInfo: { status: 'Accepted' } };
    return action === 'StartTransaction' ? { transactionId: 7, idTagInfo: { status: 'Accepted' } } : {};
  });
  await backEnd.listen();
  const lines: string[] = [];
  const args = ['--url', backEnd.url, '--station', 'S', '--stations', '3', '--token', 'OK1', '--password', 'pw{n}', '--speed', '100000'];
  const failures = await run(readCommandLine(args), (text) => lines.push(text), new AbortController().signal);
  await backEnd.die();
  expect(failures).toBe(0);
  expect(backEnd.violations).toEqual([]);
  expect(backEnd.payloadsOf('StopTransaction')).toHaveLength(3);
  expect(backEnd.authorizations.map((header) => Buffer.from(header?.slice(6) ?? '', 'base64').toString()).sort()).toEqual([
    'S-1:pw1',
    'S-2:pw2',
    'S-3:pw3',
  ]);
  expect(lines.filter((text) => / session 7: 20 kWh/.test(text))).toHaveLength(3);
  expect(lines.some((text) => text.startsWith('S-2 > [2,'))).toBe(true);
});

test('a station that cannot connect is counted and explained', async () => {
  const lines: string[] = [];
  expect(await run(readCommandLine([...required, '--token', 'OK1']), (text) => lines.push(text), new AbortController().signal)).toBe(1);
  expect(lines.join('\n')).toMatch(/failed: .*ECONNREFUSED/);
});
