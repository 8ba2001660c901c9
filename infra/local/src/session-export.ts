// Makes a fixture of a session that was: everything that a replay needs for the same bill, and nobody in it. Frames hold keys of tokens
// already; here they become TOKEN-1, TOKEN-2, ... in the order of their appearance, so that nothing in the file leads back to a card, a
// driver, a place or a stored session.
import {
  type Cdr,
  FIXTURE_FORMAT,
  type FixtureFrame,
  type FixtureOutcome,
  type FixtureStep,
  fixtureCdrOf,
  renamed,
  type SessionFixture,
  type SessionSnapshot,
  type SessionView,
  type StationFact,
  type TimelineEntry,
} from '@evenkeel/contracts';

export interface ExportedSession {
  view: SessionView;
  /** All of the timeline. */
  entries: readonly TimelineEntry[];
  /** What other sessions of the connector told about this one: the start before which its register stood higher, the start that ended it. */
  related: readonly TimelineEntry[];
  /** In the order of their issue. */
  cdrs: readonly Cdr[];
}

const MASKED = [
  'tokens: numbered in the order of their appearance',
  'drivers: never in a session',
  'the station: its id, serial numbers, SIM card and signed meter data',
  'the place: only its time zone is left',
  'the operator: its party, the id and the text of its tariff, and the reasons that its people gave',
  'ids of messages, transactions, sessions and CDRs: new ones',
];

/** @throws when the session's terms are not agreed: there is no price to replay it with. */
export function fixtureOf({ view, entries, related, cdrs }: ExportedSession): SessionFixture {
  const { snapshot } = view;
  if (!snapshot) throw new Error(`session ${view.sessionId} has no terms yet: there is no price to replay it with`);
  const names = new Names(snapshot);
  const facts = entries.filter(({ type }) => type === 'FactRecorded');
  const framed = [...facts, ...related].filter(({ frame }) => frame !== undefined).sort((a, b) => compare(receivedAt(a), receivedAt(b)));
  // The session's own names come first, whatever was heard before it.
  names.transaction(view.transactionId);
  const steps = framed.map((entry, index) => frameStep(entry, index, names));
  const lacking = facts.length - facts.filter(({ frame }) => frame !== undefined).length;
  const { tariff, place } = snapshot.terms;
  const { countryCode: _, partyId: __, altText: ___, ...priced } = tariff;
  return {
    story: `A session of OCPP ${snapshot.ocppVersion} as it was, with the bill that came of it.`,
    format: FIXTURE_FORMAT,
    masked: MASKED,
    ocppVersion: snapshot.ocppVersion as SessionFixture['ocppVersion'],
    timeZone: place.timeZone,
    connectors: [connectorOf(snapshot)],
    tariff: { ...priced, id: 'TARIFF' },
    tokens: names.tokens(),
    steps: [...steps, ...operatorSteps(entries, names.transaction(view.transactionId))].sort((a, b) => compare(a.at, b.at)),
    outcomes: [outcomeOf(view, entries, cdrs, names)],
    ...(lacking > 0 ? { lackingFrames: lacking } : {}),
  };
}

function connectorOf({ evseId, connectorId, terms: { place } }: SessionSnapshot): SessionFixture['connectors'][number] {
  return {
    evseId: evseId ?? 1,
    connectorId: connectorId ?? 1,
    standard: place.connectorStandard,
    format: place.connectorFormat,
    powerType: place.connectorPowerType,
    ...(place.connectorMaxPowerW === undefined ? {} : { maxPowerW: place.connectorMaxPowerW }),
  };
}

/** New names for tokens and transactions, each the same wherever it appears. */
class Names {
  private readonly transactions = new Map<string, string>();
  private readonly keys = new Map<string, SessionFixture['tokens'][number]>();

  constructor(private readonly snapshot: SessionSnapshot) {}

  /** 0 and -1 name nothing, and stay. */
  transaction(id: string): string {
    const is16 = this.snapshot.ocppVersion === '1.6';
    if (is16 && Number(id) <= 0) return id;
    const number = this.transactions.size + 1;
    const known = this.transactions.get(id) ?? (is16 ? String(number) : `TX-${number}`);
    this.transactions.set(id, known);
    return known;
  }

  token(key: string, fact: TransactionFact | undefined): string {
    const known = this.keys.get(key);
    if (known) return known.uid;
    const { payer } = this.snapshot.terms;
    const uid = `TOKEN-${this.keys.size + 1}`;
    const isFacts = fact?.token?.key === key;
    const verdict = (isFacts ? fact?.tokenVerdict : undefined) ?? 'Accepted';
    const other = { uid, type: isFacts ? (fact?.token?.type ?? 'RFID') : 'RFID', payer: 'unknown', verdict } as const;
    const pays = payer?.key === key;
    const own = payer?.party === this.snapshot.party ? 'own' : 'roaming';
    const token = pays ? { uid, type: payer.type, payer: own, verdict: payer.verdict } : other;
    this.keys.set(key, token as SessionFixture['tokens'][number]);
    return uid;
  }

  tokens(): SessionFixture['tokens'] {
    return [...this.keys.values()];
  }
}

type TransactionFact = Extract<StationFact, { kind: 'transaction-reported' }>;

function factOf({ data }: TimelineEntry): StationFact {
  return (data as { fact: StationFact }).fact;
}

function receivedAt(entry: TimelineEntry): string {
  return factOf(entry).receivedAt;
}

function frameStep(entry: TimelineEntry, index: number, names: Names): FixtureStep {
  const fact = factOf(entry);
  const [type, , action, payload] = JSON.parse(entry.frame ?? '') as FixtureFrame;
  const reported = fact.kind === 'transaction-reported' ? fact : undefined;
  const masked = withoutHardware([type, `m${index + 1}`, action, payload]);
  const isStart = action === 'StartTransaction' && reported !== undefined;
  const frame = renamed(masked, { token: (key) => names.token(key, reported), transaction: (id) => names.transaction(id) });
  return { at: fact.receivedAt, frame, ...(isStart ? { answered: Number(names.transaction(reported.transactionId)) } : {}) };
}

const HARDWARE: ReadonlySet<string> = new Set([
  ...['chargePointSerialNumber', 'chargeBoxSerialNumber', 'meterSerialNumber', 'serialNumber', 'iccid', 'imsi'],
  ...['signedMeterData', 'publicKey', 'vendorId', 'vendorErrorCode', 'info'],
]);

/** What names a device; signed meter data may name its meter, and the card too. */
function withoutHardware([type, id, action, payload]: FixtureFrame): FixtureFrame {
  const mask = (value: unknown, name: string, within: Record<string, unknown>): unknown => {
    if (Array.isArray(value)) return value.map((item) => mask(item, '', {}));
    if (typeof value === 'object' && value !== null) {
      const object = value as Record<string, unknown>;
      return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, mask(item, key, object)]));
    }
    const isSigned = name === 'value' && within.format === 'SignedData';
    return typeof value === 'string' && (HARDWARE.has(name) || isSigned) ? 'masked' : value;
  };
  return [type, id, action, mask(payload, '', {}) as Record<string, unknown>];
}

function operatorSteps(entries: readonly TimelineEntry[], transaction: string): FixtureStep[] {
  return entries.flatMap(({ type, recordedAt: at, data }): FixtureStep[] => {
    if (type === 'SessionDenied') return [{ at, deny: { transaction, reason: 'An operator denied it.' } }];
    if (type !== 'SessionReleased') return [];
    const { readings } = data as { readings?: NonNullable<FixtureStep['release']>['readings'] };
    return [{ at, release: { transaction, reason: 'An operator released it.', ...(readings ? { readings } : {}) } }];
  });
}

function outcomeOf(view: SessionView, entries: readonly TimelineEntry[], cdrs: readonly Cdr[], names: Names): FixtureOutcome {
  const quarantined = entries.findLast(({ type }) => type === 'SessionQuarantined')?.data;
  const held = quarantined as { session: SessionSnapshot; anomalies: { code: string }[] } | undefined;
  const codes = held?.anomalies.map(({ code }) => code).sort() as NonNullable<FixtureOutcome['held']>['codes'] | undefined;
  return {
    transaction: names.transaction(view.transactionId),
    status: view.status,
    ...(held && codes ? { held: { codes, energyWh: held.session.energyWh } } : {}),
    cdrs: cdrs.map(fixtureCdrOf),
  };
}

/** A start or an end: what another session's part in this one rests on. */
export function isEdge(entry: TimelineEntry): boolean {
  if (entry.type !== 'FactRecorded') return false;
  const fact = factOf(entry);
  return fact.kind === 'transaction-reported' && fact.phase !== 'updated';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
