// Plays a fixture through the pure cores of the gateway, the ledger and billing: frames in, CDRs out. The ledger's book, desks and watchdog are
// the real ones, on the clock of the fixture. Times are those of the fixture throughout, so that whatever depends on when something was
// heard (offline messages, wrong clocks) comes out as it did.
import { type BillSession, type CdrEvent, type CdrState, cdr, cdrCodec } from '@evenkeel/billing';
import {
  type Cdr,
  type FixtureFrame,
  type FixtureOutcome,
  type FixtureStep,
  fixtureCdrOf,
  idOf,
  renamed,
  type SessionFixture,
  type SessionListStatus,
  type SessionTimeline,
  type StationFact,
  transactionIn,
} from '@evenkeel/contracts';
import { StreamHandler } from '@evenkeel/event-store';
import { type SessionEvent, sessionCodec, sessionStreamPrefix } from '@evenkeel/session-ledger';
import { saidFor } from '@evenkeel/session-ledger/dist/announce/session-announcer';
import { readPolicies } from '@evenkeel/session-ledger/dist/policies';
import { sessionStream } from '@evenkeel/session-ledger/dist/session/session-events';
import { type LedgerOptions, LedgerUnderTest } from '@evenkeel/session-ledger/dist/testing/ledger-under-test';
import { timelineOf } from '@evenkeel/session-ledger/dist/view/timeline';
import { identity, party } from '@evenkeel/test-flow/dist/demonstration-registry';
import { PureGateway, TransactionIds } from '@evenkeel/test-flow/dist/pure-gateway';
import { FixtureRegistry } from './fixture-registry';

/** An outcome with what a test may ask beyond what a fixture tells. */
export interface Replayed extends FixtureOutcome {
  status: SessionListStatus;
  sessionId: string;
  /** The CDRs in full. */
  bills: Cdr[];
  events: SessionEvent[];
  timeline: SessionTimeline;
}

/** In which order, and how often, the facts of frames in a row reach the ledger; as they were sent where absent. */
export type Disorder = (facts: StationFact[]) => StationFact[];

const STATION = 'STATION';
const MINUTE_MS = 60_000;
const WAIT_MINUTES = 90;
const LONGEST_PAUSE_MINUTES = 3 * 24 * 60;

export async function replay(fixture: SessionFixture, disorder?: Disorder): Promise<Replayed[]> {
  const player = new Player(fixture);
  try {
    for (const segment of disorder ? segmentsOf(fixture.steps) : fixture.steps.map((step) => [step])) await player.play(segment, disorder);
    await player.pass(fixture.waitMinutes ?? WAIT_MINUTES);
    return await player.outcomes();
  } finally {
    await player.stop();
  }
}

class Player {
  private readonly registry: FixtureRegistry;
  private readonly ledger: LedgerUnderTest;
  private readonly bills: StreamHandler<CdrState, BillSession, CdrEvent>;
  private readonly transactionIds = new TransactionIds();
  private gateway: PureGateway;
  /** The fixture's name of a transaction -> the one that this replay was answered. */
  private readonly transactions = new Map<string, string>();
  private readonly issued = new Map<string, Cdr[]>();
  private heardByBilling = 0;

  constructor(private readonly fixture: SessionFixture) {
    this.registry = new FixtureRegistry(fixture, party, identity);
    const policy = readPolicies(JSON.stringify({ [party]: fixture.policy ?? {} }))(party);
    const terms: LedgerOptions['terms'] = (request) => this.registry.terms(request, new Date(this.ledger.nowMs).toISOString());
    this.ledger = new LedgerUnderTest({ policy, terms, startMs: Date.parse(fixture.steps[0]?.at ?? '') });
    this.bills = new StreamHandler({ store: this.ledger.store, decider: cdr, codec: cdrCodec });
    this.gateway = this.newGateway();
  }

  /** @param steps one step, or with a disorder several frames in a row. */
  async play(steps: readonly FixtureStep[], disorder: Disorder = (facts) => facts): Promise<void> {
    const facts: StationFact[] = [];
    for (const step of steps) {
      if (step.frame) facts.push(...(await this.hear(step.frame, step)));
    }
    const last = steps.at(-1);
    if (!last) return;
    await this.passUntil(Date.parse(last.at));
    for (const fact of disorder(facts)) await this.ledger.hear(fact);
    if (last.restart) {
      this.ledger.restart();
      this.gateway = this.newGateway();
    }
    if (last.release) await this.decide(last.release.transaction, { kind: 'release', ...decisionOf(last.release) });
    if (last.deny) await this.decide(last.deny.transaction, { kind: 'deny', reason: last.deny.reason });
    await this.bill();
  }

  async pass(minutes: number): Promise<void> {
    await this.ledger.pass(minutes);
    await this.bill();
  }

  async outcomes(): Promise<Replayed[]> {
    const names = new Map([...this.transactions].map(([name, actual]) => [actual, name]));
    return Promise.all(
      this.ledger.sessionIds.map(async (sessionId) => {
        const { opened } = await this.ledger.book.stateOf(sessionId);
        const events = await this.ledger.eventsOf(sessionId);
        const timeline = timelineOf(sessionId, await this.ledger.store.read(sessionStream(sessionId)), {});
        const bills = this.issued.get(sessionId) ?? [];
        const transaction = opened?.transactionId ?? '';
        const held = events.flatMap((event) => (event.type === 'SessionQuarantined' ? [event.data] : [])).at(-1);
        return {
          transaction: names.get(transaction) ?? transaction,
          status: this.ledger.statusOf(sessionId) as SessionListStatus,
          ...(held ? { held: { codes: held.anomalies.map(({ code }) => code).sort(), energyWh: held.session.energyWh } } : {}),
          cdrs: bills.map(fixtureCdrOf),
          sessionId,
          bills,
          events,
          timeline,
        };
      }),
    );
  }

  stop(): Promise<void> {
    return this.ledger.stop();
  }

  private newGateway(): PureGateway {
    const authorize = this.registry.authorize.bind(this.registry);
    return new PureGateway(STATION, this.fixture.ocppVersion, this.transactionIds, { authorize, strictness: 'tolerant' });
  }

  private async hear(frame: FixtureFrame, { at, answered }: FixtureStep): Promise<StationFact[]> {
    const sent = renamed(frame, { transaction: (name) => this.transactions.get(name) ?? name });
    const { answer, facts } = await this.gateway.answer(JSON.stringify(sent), Date.parse(at));
    if (answered !== undefined) this.transactions.set(String(answered), String(JSON.parse(answer)[2].transactionId));
    else if (this.fixture.ocppVersion !== '1.6') this.noteName(transactionIn(frame));
    // As on the wire, where an absent field and an undefined one are the same.
    return JSON.parse(JSON.stringify(facts));
  }

  /** OCPP 2.x: the station's own name is the transaction's everywhere. */
  private noteName(transaction: string | undefined): void {
    if (transaction !== undefined) this.transactions.set(transaction, transaction);
  }

  private async passUntil(ms: number): Promise<void> {
    const minutes = Math.floor((ms - this.ledger.nowMs) / MINUTE_MS);
    if (minutes > 0) await this.pass(Math.min(minutes, LONGEST_PAUSE_MINUTES));
    this.ledger.nowMs = Math.max(this.ledger.nowMs, ms);
    await this.ledger.round();
  }

  private async decide(transaction: string, command: Parameters<LedgerUnderTest['book']['decide']>[1]): Promise<void> {
    const actual = this.transactions.get(transaction) ?? transaction;
    for (const sessionId of this.ledger.sessionIds) {
      const { opened, revision } = await this.ledger.book.stateOf(sessionId);
      if (opened?.transactionId !== actual) continue;
      const handled = await this.ledger.book.decide(sessionId, command, {
        cause: idOf('operator', sessionId, revision),
        operator: 'operator',
      });
      if (!handled.accepted) throw new Error(`${command.kind} of ${transaction}: ${handled.rejection.text}`);
    }
  }

  /** What the ledger's relay says to billing since the last time. */
  private async bill(): Promise<void> {
    await this.ledger.store.readAll([sessionStreamPrefix], async (events) => {
      const news = events.slice(this.heardByBilling);
      this.heardByBilling = events.length;
      for (const stored of news) {
        const said = saidFor(sessionCodec.decode(stored));
        if (said === undefined || said.name === 'sessionStarted' || said.name === 'sessionUpdated') continue;
        const { session } = said.message;
        const issuedAt = new Date(this.ledger.nowMs).toISOString();
        const command = { session, policy: { freeWithoutEnergy: true }, issuedAt, denied: said.name === 'sessionDenied' };
        const handled = await this.bills.handle(`cdr-${session.sessionId}`, command, { cause: stored.id });
        const cdrs = handled.accepted ? handled.events.flatMap(({ data }) => ('cdr' in data ? [data.cdr] : [])) : [];
        this.issued.set(session.sessionId, [...(this.issued.get(session.sessionId) ?? []), ...cdrs]);
      }
    });
  }
}

/** Runs of frames; every other step stands alone, because what came before it must have been heard. */
function segmentsOf(steps: readonly FixtureStep[]): FixtureStep[][] {
  const segments: FixtureStep[][] = [];
  for (const step of steps) {
    const run = segments.at(-1);
    if (step.frame && run?.[0]?.frame) run.push(step);
    else segments.push([step]);
  }
  return segments;
}

function decisionOf({ reason, readings }: NonNullable<FixtureStep['release']>) {
  return { reason, ...(readings ? { readings } : {}) };
}
