// Frames that a seed makes of the schemas: valid ones, nearly valid ones, and what is no frame at all. Whatever comes, the gateway lives, each
// CALL that can be told apart is answered exactly once, and every answer is one that its version allows.
import { type OcppVersion, parseFrame, responseSchema, stationActions } from '@evenkeel/ocpp';
import { Chance, eventually, validPayload } from '@evenkeel/testkit';
import type WebSocket from 'ws';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

const FRAMES = 102_000;
const STATIONS_A_VERSION = 4;
/** CALLs that a station leaves unanswered at a time. */
const WINDOW = 50;
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const VERSIONS = ['1.6', '2.0.1', '2.1'] as const;
/** The codes of each version, as it spells them (OCPP-J 1.6 section 4.2.3, OCPP 2.0.1 and 2.1 Part 4 section 4.3). */
const CODES_16 = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
];
const CODES_2 = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormatViolation',
  'PropertyConstraintViolation',
  'OccurrenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
  'MessageTypeNotSupported',
  'RpcFrameworkError',
];
const CODES: Readonly<Record<OcppVersion, ReadonlySet<string>>> = {
  '1.6': new Set(CODES_16),
  '2.0.1': new Set(CODES_2),
  '2.1': new Set(CODES_2),
};

let gateway: GatewayUnderTest;
beforeAll(async () => {
  const settings = { UNREADABLE_FRAMES: '1000000', WAITING_CALLS: '1000', FREE_FAILURES: '1000', UPGRADES_PER_SECOND: '10000' };
  gateway = await GatewayUnderTest.start(settings);
  gateway.registry.tokens.set('text', { verdict: 'Accepted' });
});
afterAll(() => gateway.stop());

it(`answers ${FRAMES} frames of seed ${seed} as it should, and lives`, async () => {
  const chance = new Chance(seed);
  const lines = VERSIONS.flatMap((version) => Array.from({ length: STATIONS_A_VERSION }, (_, index) => ({ version, index })));
  const each = Math.ceil(FRAMES / lines.length);
  const results = await Promise.all(
    lines.map(({ version, index }) => fuzz(version, `FUZZ-${version}-${index}`, chance.for(`${version}/${index}`), each)),
  );
  expect(results.flatMap(({ wrong }) => wrong).slice(0, 20)).toEqual([]);
  expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThanOrEqual(100_000);
  expect(await gateway.readiness()).toBe(200);
}, 240_000);

interface Fuzzed {
  readonly sent: number;
  readonly wrong: string[];
}

async function fuzz(version: OcppVersion, identity: string, chance: Chance, frames: number): Promise<Fuzzed> {
  gateway.registry.register(identity, { versions: [version] });
  let line = await Line.open(version, identity);
  const wrong: string[] = [];
  for (let at = 0; at < frames; at += 1) {
    const text = frameText(version, chance, `${identity}-${at}`);
    if (line.isClosed) {
      wrong.push(...line.wrong);
      line = await Line.open(version, identity);
    }
    await line.send(text);
  }
  await line.settled();
  return { sent: frames, wrong: [...wrong, ...line.wrong] };
}

/** One connection, and what is owed on it. */
class Line {
  readonly wrong: string[] = [];
  private readonly owed = new Map<string, string>();

  private constructor(
    private readonly version: OcppVersion,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.heard(String(data)));
  }

  static async open(version: OcppVersion, identity: string): Promise<Line> {
    const raw = await RawStation.connect(gateway.url, { identity, protocols: [`ocpp${version}`] });
    if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
    return new Line(version, raw.socket);
  }

  get isClosed(): boolean {
    return this.socket.readyState !== this.socket.OPEN;
  }

  async send(text: string): Promise<void> {
    const frame = parseFrame(text, this.version);
    if (frame.kind === 'call') this.owed.set(frame.id, frame.action);
    this.socket.send(text);
    if (this.owed.size >= WINDOW) await eventually(() => this.owed.size < WINDOW / 2 || this.isClosed, 60_000);
  }

  async settled(): Promise<void> {
    await eventually(() => this.owed.size === 0 || this.isClosed, 60_000);
    for (const action of this.owed.values()) this.wrong.push(`${action} was not answered`);
  }

  private heard(text: string): void {
    const [type, id, ...rest] = JSON.parse(text) as [number, string, ...unknown[]];
    if (type === 2) return;
    const action = this.owed.get(id);
    this.owed.delete(id);
    if (type === 3) {
      const violation = action === undefined ? undefined : responseSchema(this.version, action)?.explain(rest[0]);
      if (action === undefined || rest.length !== 1) this.wrong.push(`a CALLRESULT that nobody is owed: ${text.slice(0, 200)}`);
      else if (violation) this.wrong.push(`${action}: ${violation.description}`);
    } else if (type === 4) {
      const [code, description, details] = rest;
      const isShaped = rest.length === 3 && typeof description === 'string' && description.length <= 255 && typeof details === 'object';
      if (!isShaped || !CODES[this.version].has(String(code))) this.wrong.push(`a malformed CALLERROR: ${text.slice(0, 200)}`);
    } else this.wrong.push(`a frame of type ${type}`);
  }
}

/** Mostly a CALL of the version with something broken about it. */
function frameText(version: OcppVersion, chance: Chance, id: string): string {
  const [first, ...others] = stationActions(version).filter((action: string) => action !== 'NotifyPeriodicEventStream');
  if (first === undefined) throw new Error('a version without actions');
  const action = chance.one([first, ...others]);
  const payload = validPayload(version, action, 'request', { seed: chance.integer(0, 1_000_000), fullness: chance.next() });
  if (chance.happens(0.35)) return JSON.stringify([2, id, action, payload]);
  if (chance.happens(0.7)) return JSON.stringify([2, id, action, mutated(payload, chance)]);
  return chance.one([
    () => JSON.stringify([2, id, `${action}x`, payload]),
    () => JSON.stringify([chance.integer(-1, 9), id, action, payload]),
    () => JSON.stringify([2, id, action]),
    () => JSON.stringify([2, id, action, payload, 1]),
    () => JSON.stringify([2, chance.integer(0, 9), action, payload]),
    () => JSON.stringify([2, id.padEnd(chance.integer(37, 90), 'x'), action, payload]),
    () => JSON.stringify([2, id, null, payload]),
    () => JSON.stringify([3, id, payload]),
    () => JSON.stringify([4, id, 'GenericError', '', {}]),
    () => JSON.stringify([2, id, action, payload]).slice(0, chance.integer(0, 60)),
    () => JSON.stringify(payload),
    () => JSON.stringify([2, id, action, payload]).replace(/text/g, '\\u0000\\ud800'),
  ])();
}

/** One place somewhere in the payload becomes something else, or goes, or is joined by something. */
function mutated(value: unknown, chance: Chance): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.happens(0.3)) return chance.one<unknown[]>([[], [...value, ...value], [null]]);
    return [mutated(value[0], chance), ...value.slice(1)];
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [chosen] = chance.shuffled(entries);
    if (chosen === undefined || chance.happens(0.15)) return { ...value, [chance.one(['extra', '__proto__', 'constructor'])]: 1 };
    const [name, item] = chosen;
    if (chance.happens(0.25)) return Object.fromEntries(entries.filter(([other]) => other !== name));
    return { ...value, [name]: mutated(item, chance) };
  }
  return chance.one<unknown>([null, '', 'x'.repeat(5_000), -1, 1e300, 2 ** 53, true, {}, [], '1970-01-01T00:00:00', 'never', '\u0000']);
}
