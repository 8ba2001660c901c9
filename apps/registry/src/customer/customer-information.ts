// What stations tell about a customer when they are asked (OCPP 2.0.1 N09, N10). It is about a person, so it is in no stream: its parts are
// rows of a table of their own, sealed under the keys of the person's token and driver, gone with those keys or when its time is over.
import { type CustomerInformation, idOf, type PartyKey, Problem } from '@evenkeel/contracts';
import type { Migrations } from '@evenkeel/read-model';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { CommandView } from '../command/command-view';
import type { DataKeys, Subject } from '../identity/data-keys';
import type { IdentityVault } from '../identity/identity-vault';
import { joined, type Sealed, seal } from '../identity/sealing';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { CatalogueView } from '../view/catalogue-view';

export const customerMigrations: Migrations = {
  '003-customer-information': {
    up: async (database) => {
      await sql`
        create table public.customer_information (
          station_key text not null, request_id integer not null, seq_no integer not null, more boolean not null, sealed jsonb not null,
          own_subject text, generated_at text not null, received_at timestamptz not null, primary key (station_key, request_id, seq_no)
        )`.execute(database);
      await sql`create index customer_information_by_age on public.customer_information (received_at)`.execute(database);
    },
  },
};

export interface Part {
  readonly requestId: number;
  readonly seqNo: number;
  readonly tbc?: boolean;
  readonly generatedAt: string;
  readonly data: string;
}

interface Row {
  request_id: number;
  seq_no: number;
  more: boolean;
  sealed: Sealed;
  generated_at: string;
}

const DAY_MS = 24 * 60 * 60_000;

export class CustomerInformationDesk {
  constructor(
    private readonly database: QueryExecutorProvider,
    private readonly keys: DataKeys,
    private readonly vault: Pick<IdentityVault, 'openAll' | 'tokenStream' | 'driverStream'>,
    private readonly catalogue: Pick<CatalogueView, 'findToken'>,
    private readonly mirror: Pick<MirrorDesk, 'knownOf'>,
    private readonly commands: Pick<CommandView, 'openOf'>,
    private readonly party: PartyKey,
    private readonly days: number,
  ) {}

  /** A repetition changes nothing. What nobody has asked for is about somebody all the same, and is not kept. */
  async keep(stationId: string, { requestId, seqNo, tbc, generatedAt, data }: Part, receivedAt: string): Promise<void> {
    const asked = await this.askedWith(stationId, requestId);
    if (asked === undefined) return;
    const subjects = await this.subjectsOf(stationId, requestId, asked.tokenKey);
    const key = joined(await this.keys.ensure(subjects));
    const [{ subject } = { subject: null }] = subjects.length === 1 ? subjects : [];
    await sql`
      insert into public.customer_information (station_key, request_id, seq_no, more, sealed, own_subject, generated_at, received_at)
      values (${stationId.toLowerCase()}, ${requestId}, ${seqNo}, ${tbc === true}, ${JSON.stringify(seal(key, JSON.stringify(data)))}::jsonb,
        ${subject?.startsWith(OWN) ? subject : null}, ${generatedAt}, ${receivedAt})
      on conflict (station_key, request_id, seq_no) do nothing`.execute(this.database);
  }

  /** @throws Problem `not-found` where nothing was told, or nobody may read it any more. */
  async read(stationId: string, requestId: number): Promise<CustomerInformation> {
    const { rows } = await sql<Row>`
      select request_id, seq_no, more, sealed, generated_at from public.customer_information
      where station_key = ${stationId.toLowerCase()} and request_id = ${requestId} order by seq_no`.execute(this.database);
    const texts = await this.vault.openAll<string>(rows.map(({ sealed }) => sealed));
    const [first] = rows;
    if (first === undefined || texts.includes(undefined)) throw new Problem('not-found', `there is no answer to request ${requestId}`);
    const isComplete = rows.at(-1)?.more === false && rows.every(({ seq_no }, index) => seq_no === index);
    return { stationId, requestId, generatedAt: first.generated_at, complete: isComplete, text: texts.join('') };
  }

  /** Forgets what is older than it may be. */
  async look(now: Date): Promise<void> {
    const before = new Date(now.getTime() - this.days * DAY_MS).toISOString();
    const { rows } = await sql<{ own_subject: string | null }>`
      delete from public.customer_information where received_at < ${before} returning own_subject`.execute(this.database);
    for (const subject of new Set(rows.flatMap(({ own_subject: own }) => own ?? []))) await this.keys.destroy(subject);
  }

  /** The first part may be here before the answer to the question is stored: then the question is still open. */
  private async askedWith(stationId: string, requestId: number): Promise<{ readonly tokenKey?: string } | undefined> {
    const known = (await this.mirror.knownOf(stationId)).get('customer-request', String(requestId));
    if (known) return known as { tokenKey?: string };
    const calls = (await this.commands.openOf(stationId.toLowerCase())).flatMap(({ calls: made }) => made);
    const call = calls.find(({ action, request }) => action === 'CustomerInformation' && request.requestId === requestId);
    if (call === undefined) return undefined;
    const { idToken } = call.request as { idToken?: { idToken: string } };
    return idToken === undefined ? {} : { tokenKey: idToken.idToken };
  }

  /** Of a customer whom we do not know, a key of its own. */
  private async subjectsOf(stationId: string, requestId: number, tokenKey: string | undefined): Promise<Subject[]> {
    const token = tokenKey === undefined ? undefined : await this.catalogue.findToken({ key: tokenKey, type: 'RFID' });
    if (token === undefined || tokenKey === undefined) {
      return [{ subject: `${OWN}${idOf('customer', this.party, stationId.toLowerCase(), String(requestId))}` }];
    }
    const subject = this.vault.tokenStream({ party: token.party, key: tokenKey, type: token.type });
    if (token.driverId === undefined) return [{ subject }];
    const driver = this.vault.driverStream(token.party, token.driverId);
    return [{ subject, driver }, { subject: driver }];
  }
}

const OWN = 'customer-';
