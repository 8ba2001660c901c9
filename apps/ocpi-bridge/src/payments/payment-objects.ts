// Terminals and financial advice confirmations of payment terminal providers, as they said them. They live in a table only: a pull brings them
// back at any time. What a confirmation says of somebody's card is here and in no stream.
import type { PartyKey } from '@evenkeel/contracts';
import { type FinancialAdviceConfirmation, instantOf, type Terminal } from '@evenkeel/ocpi';
import type { Database, Migrations } from '@evenkeel/read-model';
import { BEGINNING } from '../pull/pull-book';

/** A terminal is dated when it comes in, where its provider has not dated it. */
export type DatedTerminal = Terminal & { last_updated: string };
interface Objects {
  terminal: DatedTerminal;
  confirmation: FinancialAdviceConfirmation;
}
type PaymentKind = keyof Objects;

export interface PaymentTables {
  payment_object: {
    /** The provider. */
    party: PartyKey;
    kind: PaymentKind;
    /** Folded, like the reference: both are compared without case. */
    id: string;
    partner_id: string;
    /** By which a confirmation names its session. */
    reference: string | null;
    object: Objects[PaymentKind];
    last_updated: string;
  };
}
type PaymentRow = PaymentTables['payment_object'];

export const paymentMigrations: Migrations = {
  '012-payment-objects': {
    up: async (database) => {
      await database.schema
        .createTable('payment_object')
        .addColumn('party', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('reference', 'text')
        .addColumn('object', 'jsonb', (column) => column.notNull())
        .addColumn('last_updated', 'timestamptz', (column) => column.notNull())
        .addPrimaryKeyConstraint('payment_object_key', ['party', 'kind', 'id'])
        .execute();
      await database.schema.createIndex('payment_object_by_reference').on('payment_object').column('reference').execute();
    },
  },
};

const USUAL_PAGE = 100;

export class PaymentObjects {
  constructor(private readonly database: Database<PaymentTables>) {}

  /** An older version than the one we have changes nothing. */
  async keep(row: PaymentRow): Promise<void> {
    await this.database
      .insertInto('payment_object')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['party', 'kind', 'id'])
          .doUpdateSet(({ ref }) => ({
            ...{ partner_id: ref('excluded.partner_id'), reference: ref('excluded.reference') },
            ...{ object: ref('excluded.object'), last_updated: ref('excluded.last_updated') },
          }))
          .whereRef('payment_object.last_updated', '<=', ({ ref }) => ref('excluded.last_updated')),
      )
      .execute();
  }

  async one<K extends PaymentKind>(kind: K, party: PartyKey, id: string): Promise<Objects[K] | undefined> {
    const row = this.of(kind, party).where('id', '=', id.toLowerCase());
    return (await row.executeTakeFirst())?.object as Objects[K] | undefined;
  }

  /** In the order of their ids. */
  async page<K extends PaymentKind>(
    kind: K,
    party: PartyKey,
    { limit = USUAL_PAGE, after, reference }: { limit?: number; after?: string; reference?: string },
  ): Promise<{ objects: Objects[K][]; next?: string }> {
    let query = this.of(kind, party)
      .orderBy('id')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('id', '>', after);
    if (reference !== undefined) query = query.where('reference', '=', reference.toLowerCase());
    const rows = await query.execute();
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? shown.at(-1)?.id : undefined;
    return { objects: shown.map(({ object }) => object as Objects[K]), ...(next === undefined ? {} : { next }) };
  }

  private of(kind: PaymentKind, party: PartyKey) {
    return this.database.selectFrom('payment_object').select(['id', 'object']).where('kind', '=', kind).where('party', '=', party);
  }
}

export type Provider = Pick<PaymentRow, 'party' | 'partner_id'>;

/** What is not dated gives way to whatever is. @param seenAt when it came in. */
export function terminalRow(provider: Provider, terminal: Terminal, seenAt: string): PaymentRow {
  const { party, partner_id } = provider;
  const { terminal_id, last_updated } = terminal;
  return {
    ...{ party, partner_id, kind: 'terminal', id: terminal_id.toLowerCase(), reference: null },
    ...{ object: { ...terminal, last_updated: last_updated ?? seenAt }, last_updated: instantOf(last_updated ?? BEGINNING) },
  };
}

export function confirmationRow(provider: Provider, confirmation: FinancialAdviceConfirmation): PaymentRow {
  const { party, partner_id } = provider;
  return {
    ...{ party, partner_id, kind: 'confirmation', id: confirmation.id.toLowerCase() },
    reference: confirmation.authorization_reference.toLowerCase(),
    ...{ object: confirmation, last_updated: instantOf(confirmation.last_updated) },
  };
}
