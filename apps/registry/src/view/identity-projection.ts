// Projects drivers and tokens: shows whom a key still opens, and blanks whom it does not. Built anew after an erasure, the tables come out
// the same as before it was built.
import type { Driver, IssuedToken, TokenRecord } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import type { Transaction } from 'kysely';
import { identityCodec, type SealedDriver, type SealedToken } from '../identity/identity';
import type { IdentityVault, TokenContent } from '../identity/identity-vault';
import { type RegistryTables, tokenRowKey } from './registry-tables';

type Tables = Transaction<RegistryTables>;
type TokenRow = RegistryTables['token'];

export async function applyIdentities(tables: Tables, vault: IdentityVault, stored: readonly StoredEvent[]): Promise<void> {
  // Of several events of one stream in a batch, the last one says it all.
  const latest = new Map(stored.map((each) => [each.stream, { event: identityCodec.decode(each), at: each.recordedAt }]));
  const tokens: { token: SealedToken; at: string }[] = [];
  const drivers: { stream: string; driver: SealedDriver }[] = [];
  const blankTokens: TokenRow[] = [];
  const goneDrivers: string[] = [];
  for (const [stream, { event, at }] of latest) {
    switch (event.type) {
      case 'TokenRegistered':
      case 'TokenChanged':
        tokens.push({ token: event.data, at });
        break;
      case 'TokenErased':
        blankTokens.push(tokenRow(event.data, null, at, at));
        break;
      case 'DriverRegistered':
      case 'DriverChanged':
        drivers.push({ stream, driver: event.data });
        break;
      case 'DriverErased':
        goneDrivers.push(stream);
    }
  }
  await putTokens(tables, [...(await tokenRows(tables, vault, tokens)), ...blankTokens]);
  await putDrivers(tables, vault, drivers);
  if (goneDrivers.length > 0) await tables.deleteFrom('driver').where('stream', 'in', goneDrivers).execute();
}

async function tokenRows(tables: Tables, vault: IdentityVault, tokens: readonly { token: SealedToken; at: string }[]): Promise<TokenRow[]> {
  const contents = await vault.openAll<TokenContent>(
    tokens.map(({ token }) => token.sealed),
    tables,
  );
  return tokens.map(({ token, at }, index) => tokenRow(token, contents[index]?.token ?? null, at, token.lastUpdated));
}

function tokenRow(token: IssuedToken, document: TokenRecord | null, created_at: string, updated_at: string): TokenRow {
  return { token_key: tokenRowKey(token), key: token.key, party: token.party, document, created_at, updated_at };
}

async function putTokens(tables: Tables, rows: readonly TokenRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tables
    .insertInto('token')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .column('token_key')
        .doUpdateSet((excluded) => ({ document: excluded.ref('excluded.document'), updated_at: excluded.ref('excluded.updated_at') })),
    )
    .execute();
}

async function putDrivers(
  tables: Tables,
  vault: IdentityVault,
  drivers: readonly { stream: string; driver: SealedDriver }[],
): Promise<void> {
  const contents = await vault.openAll<Driver>(
    drivers.map(({ driver }) => driver.sealed),
    tables,
  );
  const rows = drivers.flatMap(({ stream }, index) => {
    const document = contents[index];
    return document ? [{ stream, driver_id: document.driverId, document }] : [];
  });
  if (rows.length === 0) return;
  await tables
    .insertInto('driver')
    .values(rows)
    .onConflict((conflict) => conflict.column('stream').doUpdateSet((excluded) => ({ document: excluded.ref('excluded.document') })))
    .execute();
}
