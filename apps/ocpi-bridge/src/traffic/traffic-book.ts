// Writes down what was said to partners and by them, off the path of the requests: what was noted is written a moment later, in one statement a
// table. A process that dies loses that moment, and while the database is away what does not fit in memory is dropped and counted.
import { type Database, recordset } from '@evenkeel/read-model';
import type { Log, Metrics } from '@evenkeel/service';
import { type Insertable, sql, type Transaction } from 'kysely';
import type { Ending, MessageRow, TrafficTables } from './traffic-tables';
import { pathWithoutPersons, personsIn, textWithoutPersons } from './without-persons';

/** One exchange, as it was; what is written down of it is less. */
export interface Exchanged {
  partnerId: string;
  direction: MessageRow['direction'];
  method: string;
  url: string;
  /** Of the request: only looked at for whom it is about. */
  body: unknown;
  httpStatus?: number;
  ocpiStatus?: number;
  statusMessage?: string;
  durationMs: number;
  requestId: string;
  /** Of a request of ours. */
  ending?: Ending;
}

interface Contact {
  last_success_at: string | null;
  last_error_at: string | null;
  last_error: string | null;
}

const WRITE_EVERY_MS = 500;
const MOST_IN_MEMORY = 5_000;
const LONGEST_REQUEST_ID = 64;
/** Rates are of the last hour. */
const FORGET_EVERY_MS = 10 * 60_000;
const FORGET_AFTER = sql`now() - interval '2 hours'`;

type NewMessage = Insertable<MessageRow>;

export class TrafficBook {
  private messages: NewMessage[] = [];
  private endings = new Map<string, TrafficTables['partner_requests']>();
  private contacts = new Map<string, Contact>();
  private circuits = new Map<string, TrafficTables['partner_circuit']>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private forgetAtMs = 0;

  constructor(
    private readonly database: Database<TrafficTables>,
    /** Messages that are kept of each partner; 0 keeps none. */
    private readonly keptMessages: number,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.writing ??= this.write().finally(() => {
        this.writing = undefined;
      });
    }, WRITE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write();
  }

  note(exchanged: Exchanged): void {
    const { partnerId, direction, method, url, body, ending } = exchanged;
    const at = new Date().toISOString();
    const persons = exchanged.statusMessage === undefined ? [] : personsIn(url, body);
    const message = exchanged.statusMessage === undefined ? null : textWithoutPersons(exchanged.statusMessage, persons);
    if (ending !== undefined) this.noteEnding(partnerId, ending, at, message ?? wordsFor(exchanged));
    if (this.keptMessages === 0) return;
    if (this.messages.length >= MOST_IN_MEMORY) {
      this.metrics.count('evenkeel_ocpi_messages_dropped_total', 'Messages with partners that were not written down');
      return;
    }
    this.messages.push({
      partner_id: partnerId,
      at,
      direction,
      method,
      path: pathWithoutPersons(url),
      http_status: exchanged.httpStatus ?? null,
      ocpi_status: exchanged.ocpiStatus ?? null,
      status_message: message,
      duration_ms: Math.round(exchanged.durationMs),
      request_id: exchanged.requestId.slice(0, LONGEST_REQUEST_ID),
    });
  }

  /** How the circuit to a partner stands after an attempt. */
  circuit(partnerId: string, pausedUntilMs: number, probing: boolean): void {
    this.circuits.set(partnerId, { partner_id: partnerId, paused_until: new Date(pausedUntilMs).toISOString(), probing });
  }

  private noteEnding(partnerId: string, ending: Ending, at: string, reason: string): void {
    const minute = `${at.slice(0, 16)}:00.000Z`;
    const key = `${partnerId}/${minute}/${ending}`;
    const row = this.endings.get(key) ?? { partner_id: partnerId, minute, ending, requests: 0 };
    this.endings.set(key, { ...row, requests: row.requests + 1 });
    const contact = this.contacts.get(partnerId) ?? { last_success_at: null, last_error_at: null, last_error: null };
    const news = ending === 'acknowledged' ? { last_success_at: at } : { last_error_at: at, last_error: reason };
    this.contacts.set(partnerId, { ...contact, ...news });
  }

  private async write(): Promise<void> {
    const [messages, endings, contacts, circuits] = [this.messages, this.endings, this.contacts, this.circuits];
    [this.messages, this.endings, this.contacts, this.circuits] = [[], new Map(), new Map(), new Map()];
    try {
      await this.database.transaction().execute(async (transaction) => {
        await insertMessages(transaction, messages);
        for (const row of endings.values()) {
          await transaction
            .insertInto('partner_requests')
            .values(row)
            .onConflict((conflict) =>
              conflict.columns(['partner_id', 'minute', 'ending']).doUpdateSet(({ eb, ref }) => ({
                requests: eb(ref('partner_requests.requests'), '+', ref('excluded.requests')),
              })),
            )
            .execute();
        }
        for (const [partner_id, contact] of contacts) {
          const news = Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== null));
          await transaction
            .insertInto('partner_contact')
            .values({ partner_id, ...contact })
            .onConflict((conflict) => conflict.column('partner_id').doUpdateSet(news))
            .execute();
        }
        for (const { partner_id, ...circuit } of circuits.values()) {
          await transaction
            .insertInto('partner_circuit')
            .values({ partner_id, ...circuit })
            .onConflict((conflict) => conflict.column('partner_id').doUpdateSet(circuit))
            .execute();
        }
      });
      await this.forget(new Set(messages.map(({ partner_id }) => partner_id)));
    } catch (error) {
      this.metrics.count('evenkeel_ocpi_messages_dropped_total', 'Messages with partners that were not written down', {}, messages.length);
      this.log.warn({ error }, 'what was said with partners could not be written down');
    }
  }

  /** What is more than is kept, and what is older than anybody asks for. */
  private async forget(partnerIds: ReadonlySet<string>): Promise<void> {
    for (const partnerId of partnerIds) {
      await sql`
        delete from partner_message where partner_id = ${partnerId} and id <= (
          select id from partner_message where partner_id = ${partnerId} order by id desc offset ${this.keptMessages} limit 1
        )`.execute(this.database);
    }
    if (Date.now() < this.forgetAtMs) return;
    this.forgetAtMs = Date.now() + FORGET_EVERY_MS;
    await sql`delete from partner_requests where minute < ${FORGET_AFTER}`.execute(this.database);
  }
}

async function insertMessages(transaction: Transaction<TrafficTables>, messages: readonly NewMessage[]): Promise<void> {
  const [first] = messages;
  if (first === undefined) return;
  const columns = sql.join(Object.keys(first).map((name) => sql.ref(name)));
  await sql`
    insert into partner_message (${columns})
    select ${columns} from ${recordset('partner_message', messages)}`.execute(transaction);
}

function wordsFor({ httpStatus, ocpiStatus }: Exchanged): string {
  return ocpiStatus === undefined ? `HTTP ${httpStatus ?? 0}` : `HTTP ${httpStatus ?? 0}, OCPI ${ocpiStatus}`;
}
