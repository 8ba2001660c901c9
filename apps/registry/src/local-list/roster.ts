// Reads who is to be on the lists, in clear, at the moment of sending; nothing of it is kept.
import type { PartyKey } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { RegistryTables } from '../view/registry-tables';
import { isListable, type Listed } from './list-parts';

export class Roster {
  private number = 0;

  constructor(
    private readonly database: Database<RegistryTables>,
    private readonly ownParty: PartyKey,
  ) {}

  /** Tokens have changed. */
  changed(): void {
    this.number += 1;
  }

  /** Another one whenever a token has changed. */
  get revision(): number {
    return this.number;
  }

  /** In the order of their keys. */
  async listable(at: string): Promise<Listed[]> {
    const rows = await this.database
      .selectFrom('token')
      .select(['token_key', 'document'])
      .where('party', '=', this.ownParty)
      .where('document', 'is not', null)
      .orderBy('token_key')
      .execute();
    return rows.flatMap(({ token_key: key, document }) =>
      document !== null && isListable(document, this.ownParty, at) ? [{ key, token: document }] : [],
    );
  }

  /** The numbers of tokens that still have one. */
  async uidsOf(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.selectFrom('token').select(['token_key', 'document']).where('token_key', 'in', keys).execute();
    return new Map(rows.flatMap(({ token_key: key, document }) => (document === null ? [] : [[key, document.uid] as const])));
  }
}
