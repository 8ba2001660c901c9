// Tokens that partners push to us or that we pull from them. Those of one page or push are one event, under an id that derives from their
// content: the same page pulled again changes nothing.
import { fits, idOf, type PartyKey, TokenRecord } from '@evenkeel/contracts';
import { type Codec, codecOf, type EventStore, type Position, WrongExpectedRevision } from '@evenkeel/event-store';
import { fingerprintOf, v221, type WireToken } from '@evenkeel/ocpi';
import type { Database, Migrations, Projection, Projector } from '@evenkeel/read-model';

export type PartnerTokensEvent = { type: 'PartnerTokensReceived'; data: { partnerId: string; version: string; tokens: WireToken[] } };
export const partnerTokensCodec: Codec<PartnerTokensEvent> = codecOf<PartnerTokensEvent>({ PartnerTokensReceived: [] });
export const partnerTokensStreamPrefix = 'partnertokens-';

export interface ReceivedTokenTables {
  received_token: { key: string; partner_id: string; token: WireToken; last_updated: string };
}

export const receivedTokenMigrations: Migrations = {
  '004-received-token': {
    up: async (database) => {
      await database.schema
        .createTable('received_token')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('token', 'jsonb', (column) => column.notNull())
        .addColumn('last_updated', 'timestamptz', (column) => column.notNull())
        .execute();
    },
  },
};

export const receivedTokenProjection: Projection<ReceivedTokenTables> = {
  name: 'received-tokens-1',
  streamPrefixes: [partnerTokensStreamPrefix],
  async apply(transaction, events) {
    const rows = new Map<string, ReceivedTokenTables['received_token']>();
    for (const event of events) {
      const { partnerId, tokens } = partnerTokensCodec.decode(event).data;
      for (const token of tokens) {
        const { party, uid, type, lastUpdated } = v221.token.read(token);
        const key = tokenKey(party, uid, type);
        const earlier = rows.get(key);
        if (earlier && Date.parse(earlier.last_updated) > Date.parse(lastUpdated)) continue;
        rows.set(key, { key, partner_id: partnerId, token, last_updated: lastUpdated });
      }
    }
    await transaction
      .insertInto('received_token')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet((excluded) => ({
            partner_id: excluded.ref('excluded.partner_id'),
            token: excluded.ref('excluded.token'),
            last_updated: excluded.ref('excluded.last_updated'),
          }))
          .whereRef('received_token.last_updated', '<=', (excluded) => excluded.ref('excluded.last_updated')),
      )
      .execute();
  },
};

export class ReceivedTokens {
  constructor(
    private readonly store: EventStore,
    private readonly database: Database<ReceivedTokenTables>,
    private readonly projector: Projector<ReceivedTokenTables>,
  ) {}

  /** Resolves when the tokens are durable. At most 1,000 at once. */
  async keep(partnerId: string, tokens: readonly WireToken[]): Promise<Position | undefined> {
    if (tokens.length === 0) return undefined;
    const event: PartnerTokensEvent = { type: 'PartnerTokensReceived', data: { partnerId, version: v221.version, tokens: [...tokens] } };
    const id = idOf('partner-tokens', partnerId, fingerprintOf(tokens));
    try {
      return (await this.store.append(`${partnerTokensStreamPrefix}${id}`, 'no-stream', [partnerTokensCodec.encode(event, id)])).position;
    } catch (error) {
      // These very tokens were received before.
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    }
  }

  /** As `keep`, and they can be found when it resolves. @returns whether the token was unknown. */
  async keepOne(partnerId: string, token: WireToken): Promise<boolean> {
    const { party, uid, type } = v221.token.read(token);
    const known = await this.find(party, uid, type);
    const position = await this.keep(partnerId, [token]);
    if (position !== undefined) await this.projector.reached(position);
    return known === undefined;
  }

  async find(party: PartyKey, uid: string, type: string): Promise<WireToken | undefined> {
    const row = await this.database
      .selectFrom('received_token')
      .select('token')
      .where('key', '=', tokenKey(party, uid, type))
      .executeTakeFirst();
    return row?.token;
  }
}

/** Whether the registry can read the token: one that it cannot must not hold up the others of its page. */
export function isReadable(token: WireToken): boolean {
  try {
    return fits(TokenRecord, v221.token.read(token));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A token is known by country, party, uid and type (OCPI 2.2.1 mod_tokens); the uid is compared without case. */
function tokenKey(party: PartyKey, uid: string, type: string): string {
  return [party, type, uid.toLowerCase()].join('/');
}
