// The pure cores of all services, one after the other: the text of an OCPP frame goes in, OCPI CDRs come out. There is no process, socket,
// broker or database; what one service says to the next goes through JSON and the schema of the flow, as on the wire.
import { type BillingPolicy, cdr, cdrCodec, purchase } from '@evenkeel/billing';
import { saidFor as saidByBilling } from '@evenkeel/billing/dist/announce/cdr-announcer';
import { type Cdr, type Message, type MessageName, messages, mismatch, type SessionSnapshot, type StationFact } from '@evenkeel/contracts';
import { InMemoryEventStore, StreamHandler } from '@evenkeel/event-store';
import { canonical, ocpiVersions, type WireCdr, written } from '@evenkeel/ocpi';
import type { SpokenVersion } from '@evenkeel/ocpp-gateway';
import { sessionCodec, sessionStreamPrefix, termsToAsk } from '@evenkeel/session-ledger';
import { saidFor as saidByLedger } from '@evenkeel/session-ledger/dist/announce/session-announcer';
import { SessionBook } from '@evenkeel/session-ledger/dist/session/session-book';
import { promptly } from '@evenkeel/session-ledger/dist/session/session-scenarios';
import { agreeTerms, bearerOf } from './demonstration-registry';
import { PureGateway, TransactionIds } from './pure-gateway';

/** A CDR as the partner has it, and what the partner makes of it: the price of its periods by its tariff. */
export interface Delivered {
  wire: WireCdr;
  checkedBeforeTaxes: string | undefined;
}

const policy: BillingPolicy = { freeWithoutEnergy: true };
const issuedAt = '2026-12-31T00:00:00.000Z';

export class Chain {
  /** In the order of their issue, credits among them. */
  readonly delivered: Delivered[] = [];
  private readonly store = new InMemoryEventStore();
  private readonly book = new SessionBook({
    store: this.store,
    policyOf: () => promptly,
    cachedSessions: 100,
    runningAt: async () => [],
    freeWithoutEnergy: true,
    now: () => issuedAt,
  });
  private readonly bills = new StreamHandler({ store: this.store, decider: cdr, codec: cdrCodec });
  private readonly gateway: PureGateway;
  private frames = 0;
  private heardBySuccessors = 0;

  constructor(stationId: string, version: SpokenVersion) {
    this.gateway = new PureGateway(stationId, version, new TransactionIds());
  }

  /** Handles one frame to the last consequence. @returns the text of the answer that the station gets. */
  async hear(text: string): Promise<string> {
    this.frames += 1;
    const { answer, facts } = await this.gateway.answer(text, Date.parse(issuedAt) + this.frames * 1000);
    await this.ledger(said('stationFacts', { facts }).facts);
    for (const session of await this.finishedSessions()) await this.billing(session);
    return answer;
  }

  async hearAll(texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.hear(text);
  }

  private async ledger(facts: readonly StationFact[]): Promise<void> {
    for (const sessionId of (await this.book.record(facts)).readyForTerms) {
      const request = termsToAsk(await this.book.stateOf(sessionId));
      if (request) await this.book.agree(sessionId, agreeTerms(request));
    }
  }

  /** What the ledger's relay says to billing since the last time. */
  private async finishedSessions(): Promise<SessionSnapshot[]> {
    const sessions: SessionSnapshot[] = [];
    await this.store.readAll([sessionStreamPrefix], async (events) => {
      for (const stored of events.slice(this.heardBySuccessors)) {
        const message = saidByLedger(sessionCodec.decode(stored));
        if (message === undefined) continue;
        const { session } = said(message.name, message.message);
        if (message.name === 'sessionCompleted' || message.name === 'sessionAmended') sessions.push(session);
      }
      this.heardBySuccessors = events.length;
    });
    return sessions;
  }

  private async billing(session: SessionSnapshot): Promise<void> {
    const cause = `${session.sessionId}@${session.revision}`;
    const handled = await this.bills.handle(`cdr-${session.sessionId}`, { session, policy, issuedAt }, { cause });
    if (!handled.accepted) throw new Error('billing rejects no session');
    for (const event of handled.events) {
      const issued = saidByBilling(event);
      if (issued?.name === 'cdrIssued') this.delivered.push(delivered(said('cdrIssued', issued.message).cdr));
    }
  }
}

/** The bridge of the operator writes, the bridge and the billing of the partner read and check. */
function delivered(issued: Cdr): Delivered {
  const bearer = bearerOf(issued.payer);
  if (!bearer) throw new Error('nobody is behind the CDR');
  const canonicalCdr = canonical.cdr.write(issued, bearer);
  if (!canonicalCdr.ok || canonicalCdr.losses.length > 0) throw new Error(`OCPI cannot say the CDR: ${JSON.stringify(canonicalCdr)}`);
  for (const number of ['2.3.0', '2.2.1'] as const) {
    const inVersion = written(ocpiVersions[number].cdr, canonicalCdr);
    if (!inVersion.ok) throw new Error(`OCPI ${number} cannot say the CDR: ${inVersion.reason}`);
  }
  const text = JSON.stringify(canonicalCdr.wire);
  const wire: WireCdr = JSON.parse(text);
  const received = said('partnerCdrReceived', {
    cdr: canonical.cdr.read(wire, 'chargem', { key: issued.payer.key, type: issued.payer.type }, issued.place.timeZone),
  }).cdr;
  const booked = purchase.decide(purchase.initial(), { cdr: received, bookedAt: issuedAt });
  if (!booked.accepted) throw new Error('a first CDR is booked');
  return { wire, checkedBeforeTaxes: booked.events[0]?.data.checkedBeforeTaxes };
}

/** What the next service reads of a message. */
function said<M extends MessageName>(name: M, message: Message<M>): Message<M> {
  const read = JSON.parse(JSON.stringify(message));
  const wrong = mismatch(messages[name].schema, read);
  if (wrong !== undefined) throw new Error(`${name} does not fit the flow: ${wrong}`);
  return read;
}
