// Projects drivers and tokens: shows whom a key still opens, and blanks whom it does not. Built anew after an erasure, the tables come out
// the same as before it was built.
import type { Driver, IssuedToken, TokenRecord } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import { type IdentityEvent, identityCodec, type SealedDriver, type SealedToken } from '../identity/identity';
import type { IdentityVault, TokenContent } from '../identity/identity-vault';
import { type RegistryTables, tokenRowKey } from './registry-tables';

type Tables = Transaction<RegistryTables>;
type TokenRow = RegistryTables['token'];

export async function applyIdentities(tables: Tables, vault: IdentityVault, stored: readonly StoredEvent[]): Promise<void> {
  // Of several events of one stream in a batch, the last one says it all.
  const latest = new Map<string, { event: IdentityEvent; at: string; createdAt: string }>();
  for (const each of stored) {
    const createdAt = latest.get(each.stream)?.createdAt ?? each.recordedAt;
    latest.set(each.stream, { event: identityCodec.decode(each), at: each.recordedAt, createdAt });
  }
  const tokens: { token: SealedToken; createdAt: string }[] = [];
  const drivers: { stream: string; driver: SealedDriver }[] = [];
  const blankTokens: TokenRow[] = [];
  const goneDrivers: string[] = [];
  for (const [stream, { event, at, createdAt }] of latest) {
    switch (event.type) {
      case 'TokenRegistered':
      case 'TokenChanged':
      case 'TokenReceived':
        tokens.push({ token: event.data, createdAt });
        break;
      case 'TokenErased':
        blankTokens.push(tokenRow(event.data, null, createdAt, at));
        break;
      case 'DriverRegistered':
      case 'DriverChanged':
        drivers.push({ stream, driver: event.data });
        break;
      case 'DriverErased':
        goneDrivers.push(stream);
    }
  }
  const tokenRowsNow = [...(await tokenRows(tables, vault, tokens)), ...blankTokens];
  await putRows(tables, 'token', tokenRowsNow, { key: ['token_key'], keep: ['created_at'] });
  await putDrivers(tables, vault, drivers);
  if (goneDrivers.length > 0) await tables.deleteFrom('driver').where('stream', 'in', goneDrivers).execute();
}

async function tokenRows(
  tables: Tables,
  vault: IdentityVault,
  tokens: readonly { token: SealedToken; createdAt: string }[],
): Promise<TokenRow[]> {
  const contents = await vault.openAll<TokenContent>(
    tokens.map(({ token }) => token.sealed),
    tables,
  );
  return tokens.map(({ token, createdAt }, index) => tokenRow(token, contents[index]?.token ?? null, createdAt, token.lastUpdated));
}

function tokenRow(token: IssuedToken, document: TokenRecord | null, created_at: string, updated_at: string): TokenRow {
  return { token_key: tokenRowKey(token), key: token.key, party: token.party, document, created_at, updated_at };
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
  await putRows(tables, 'driver', rows, { key: ['stream'] });
}
