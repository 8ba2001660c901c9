// The command as its users see it: files in, JSON and an exit code out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'price-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function run(...args: string[]) {
  const main = join(__dirname, '..', '..', 'dist', 'price', 'price-main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
}

const tariff = {
  country_code: 'US',
  party_id: 'CHG',
  id: 'DAY',
  currency: 'USD',
  elements: [
    { price_components: [{ type: 'ENERGY', price: 0.6, step_size: 1 }], restrictions: { start_time: '16:00', end_time: '21:00' } },
    {
      price_components: [
        { type: 'ENERGY', price: 0.45, vat: 10, step_size: 100 },
        { type: 'PARKING_TIME', price: 24, step_size: 60 },
      ],
    },
  ],
  last_updated: '2026-01-01T00:00:00Z',
};
const energy = (volume: number) => ({ type: 'ENERGY', volume });
const hours = (type: string, volume: number) => ({ type, volume });
const session = {
  start_date_time: '2026-06-01T22:00:00Z',
  end_date_time: '2026-06-02T00:00:00Z',
  charging_periods: [
    // 15:00 and 16:00 in California.
    { start_date_time: '2026-06-01T22:00:00Z', dimensions: [energy(10.05), hours('TIME', 1)] },
    { start_date_time: '2026-06-01T23:00:00Z', dimensions: [energy(2), hours('TIME', 0.5), hours('PARKING_TIME', 0.5)] },
  ],
};
const cdr = (more: object = {}) => ({
  ...session,
  id: '1',
  currency: 'USD',
  tariffs: [tariff],
  // 10.05 kWh at 0.45 and 2 kWh at 0.60; 12.05 kWh in steps of 1 Wh are 12.05. 30 min of parking at 24.00 an hour.
  total_cost: { excl_vat: 17.72, incl_vat: 18.17 },
  total_energy_cost: { excl_vat: 5.72, incl_vat: 6.17 },
  total_parking_cost: { excl_vat: 12 },
  total_energy: 12.05,
  total_time: 2,
  total_parking_time: 0.5,
  ...more,
});
const california = ['--time-zone', 'America/Los_Angeles'];

describe('a session by a tariff', () => {
  it('is priced in the time zone of its location, line by line', () => {
    const { status, json } = run('--tariff', file('t', tariff), '--session', file('s', session), ...california);
    expect(status).toBe(0);
    expect(json()).toMatchObject({
      currency: 'USD',
      total_cost: { excl_vat: '17.7225', incl_vat: '18.17475' },
      total_energy_cost: { excl_vat: '5.7225', incl_vat: '6.17475' },
      total_parking_cost: { excl_vat: '12' },
      billed_energy_kwh: '12.05',
      billed_parking_seconds: 1800,
      due: { excl_vat: '17.72', incl_vat: '18.17' },
    });
    const [line] = json().line_items as object[];
    expect(line).toMatchObject({
      dimension: 'ENERGY',
      rule: 'measured',
      periods: [0],
      element: 1,
      quantity: '10050',
      price: '0.45',
      vat: '10',
    });
    expect(json().warnings).toEqual([]);
    // In UTC it is evening already, and no longer the time of the first price.
    expect(run('--tariff', file('t', tariff), '--session', file('s', session)).json()).toMatchObject({
      total_energy_cost: { excl_vat: '5.445' },
    });
  });

  it('in the shapes of 2.1.1 and of 2.3.0', () => {
    const {
      country_code: _,
      party_id: __,
      ...old
    } = { ...tariff, elements: [{ price_components: [{ type: 'ENERGY', price: 0.25, step_size: 1 }] }] };
    const at = file('s', session);
    expect(run('--tariff', file('old', old), '--session', at, '--version', '2.1.1').json()).toMatchObject({
      total_cost: { excl_vat: '3.0125' },
    });
    const limited = { ...tariff, elements: old.elements, tax_included: 'YES', max_price: { before_taxes: 2, after_taxes: 2.5 } };
    const { json } = run('--tariff', file('new', limited), '--session', at);
    expect(json()).toMatchObject({ total_cost: { incl_vat: '2.5' }, total_incl_taxes: '2.5', due: { incl_vat: '2.50' } });
  });
});

describe("a partner's CDR", () => {
  it('that follows its tariff has no differences', () => {
    const { status, json } = run('--cdr', file('c', cdr()), ...california);
    expect(json()).toEqual([]);
    expect(status).toBe(0);
    // A cent of a part that was rounded by itself is none; the total may have two of them.
    expect(run('--cdr', file('c', cdr({ total_cost: { excl_vat: 17.74 } })), ...california).status).toBe(0);
    expect(run('--cdr', file('c', cdr({ credit: true, total_cost: { excl_vat: -17.72, incl_vat: -18.17 } })), ...california).status).toBe(
      0,
    );
  });

  it('that does not is listed field by field, with exit code 1', () => {
    const wrong = cdr({ total_cost: { excl_vat: 17.75, incl_vat: 18.17 }, total_parking_cost: { excl_vat: 6 }, total_energy: 13 });
    const { status, json } = run('--cdr', file('c', wrong), ...california);
    expect(status).toBe(1);
    expect(json()).toEqual([
      { field: 'total_cost.excl_vat', claimed: '17.75', computed: '17.72' },
      { field: 'total_parking_cost.excl_vat', claimed: '6', computed: '12.00' },
      { field: 'total_energy', claimed: '13000 Wh', computed: '12050 Wh' },
    ]);
  });

  it('with several tariffs is priced by the one that each period names', () => {
    const night = { ...tariff, id: 'night', elements: [{ price_components: [{ type: 'ENERGY', price: 1, step_size: 1 }] }] };
    const [first, second] = session.charging_periods;
    const periods = [
      { ...first, tariff_id: 'DAY' },
      { ...second, tariff_id: 'NIGHT' },
    ];
    const switched = {
      charging_periods: periods,
      tariffs: [tariff, night],
      total_cost: { excl_vat: 6.52 },
      total_energy_cost: undefined,
      total_parking_cost: undefined,
    };
    expect(run('--cdr', file('c', cdr(switched)), ...california)).toMatchObject({ status: 0 });
    const lost = run('--cdr', file('c', cdr({ ...switched, tariffs: [tariff] })), ...california);
    expect(lost).toMatchObject({ status: 2, stderr: expect.stringContaining('c: period 1 names the tariff NIGHT') as unknown });
  });
});

describe('vectors', () => {
  const vector = (id: string, total: string) => ({
    id,
    time_zone: 'America/Los_Angeles',
    tariff,
    session,
    expected: { total_cost: { excl_vat: total } },
  });

  it('are run one by one, and one that fails says where', () => {
    expect(run('--vectors', file('v', [vector('A', '17.7225'), vector('B', '17.7225009')]))).toMatchObject({
      status: 0,
      stdout: 'pass A\npass B\n2 of 2 pass\n',
    });
    const { status, stdout } = run('--vectors', file('v', [vector('A', '17.7225'), vector('B', '17.73')]));
    expect(status).toBe(1);
    expect(stdout).toBe('pass A\nFAIL B; total_cost.excl_vat: expected 17.73, computed 17.7225\n1 of 2 pass\n');
  });
});

describe('bad input is one line with exit code 2', () => {
  const broken = (component: object) => ({ ...tariff, elements: [{ price_components: [component] }] });
  it.each([
    [
      'a field of the wrong type',
      broken({ type: 'ENERGY', price: 'x', step_size: 1 }),
      /t: elements\[0\]\.price_components\[0\]\.price: must be number$/,
    ],
    ['a dimension that nobody knows', broken({ type: 'MAGIC', price: 1, step_size: 1 }), /t: MAGIC is no price component that we know$/],
    ['a file that is cut off', '{"elements": [', /t: is no JSON: /],
  ])('%s', (_, content, message) => {
    const { status, stderr, stdout } = run('--tariff', file('t', content), '--session', file('s', session));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it.each([
    ['no file', [], /^usage: /],
    ['a session without a tariff', ['--session', 'x'], /^usage: /],
    ['a file that is not there', ['--cdr', 'nowhere.json'], /^nowhere\.json: cannot be read/],
    ['a version that OCPI never had', ['--cdr', 'x', '--version', '2.0'], /--version 2\.0: it is 2\.3\.0, 2\.2\.1, 2\.1\.1$/m],
    ['a zone of another planet', ['--cdr', 'x', '--time-zone', 'Mars/Olympus'], /Mars\/Olympus is no time zone/],
    ['an option that is none', ['--tarif', 'x'], /--tarif/],
  ])('%s', (_, args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
