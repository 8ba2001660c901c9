// The registry's streams and tables on a real PostgreSQL, without the rest of the registry. For tests.
import { type Driver, Problem, type Request, type Token, type TokenRecord } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { type Database, openDatabase, Projector, rebuildViews } from '@evenkeel/read-model';
import { type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { CatalogueView } from '../view/catalogue-view';
import { refreshViews, registryProjection, registryVersion } from '../view/registry-projection';
import type { RegistryTables } from '../view/registry-tables';
import { StationView } from '../view/station-view';
import { DataKeys, keyMigrations } from './data-keys';
import { IdentityDesk } from './identity-desk';
import { IdentityVault } from './identity-vault';

export const masterKey = '0a'.repeat(32);
export const identitySecret = '1d'.repeat(32);
export const party = 'US-CHG';
export const ada: Driver = { driverId: 'driver-ada', party, name: 'Ada Ludwigsdottir', email: 'ada@ludwigsdottir.example' };
export const grace: Driver = { driverId: 'driver-grace', party, name: 'Grace Moorenkamp', email: 'grace@moorenkamp.example' };

export function cardOf({ driverId }: Driver, uid: string): Token {
  return { party, uid, type: 'RFID', contractId: `C-${uid}`, issuer: 'Chargem', valid: true, whitelist: 'ALWAYS', driverId };
}

const TABLES = ['station', 'location', 'tariff', 'token', 'driver', 'security_event', 'station_certificate', 'signing_job'] as const;

export class IdentitiesUnderTest {
  readonly store = new InMemoryEventStore();
  readonly keys: DataKeys;
  readonly vault: IdentityVault;
  readonly view: CatalogueView;
  readonly stations: StationView;
  readonly desk: IdentityDesk;
  /** What partners were told about. */
  readonly withdrawn: TokenRecord[] = [];
  bridgeIsSilent = false;
  readonly projector: Projector<RegistryTables>;

  private constructor(
    private readonly postgres: RunningPostgres,
    private readonly url: string,
    readonly database: Database<RegistryTables>,
  ) {
    this.keys = new DataKeys(database, masterKey);
    this.vault = new IdentityVault(this.keys, identitySecret);
    this.view = new CatalogueView(database);
    this.stations = new StationView(database);
    this.projector = this.project();
    const ask = async (name: string, request: unknown) => {
      if (name !== 'withdrawTokens') throw new Error(`nobody asks for ${name} here`);
      this.withdrawn.push(...(request as Request<'withdrawTokens'>).tokens);
      if (this.bridgeIsSilent) throw new Problem('unavailable', 'ocpi-bridge is not running');
      return { notTold: ['A silent partner'] } as never;
    };
    this.desk = new IdentityDesk(this.store, this.projector, this.vault, this.keys, { ask }, party);
  }

  static async start(): Promise<IdentitiesUnderTest> {
    const postgres = await startPostgres();
    const url = await postgres.ensureDatabase('registry');
    const database = await openDatabase<RegistryTables>(url, { migrations: keyMigrations, projections: [registryVersion] });
    const started = new IdentitiesUnderTest(postgres, url, database);
    await started.vault.prove();
    await started.projector.start();
    return started;
  }

  /** The tables from zero, as an operator has them built. */
  async rebuildTables(): Promise<void> {
    await rebuildViews({ databaseUrl: this.url, say: () => undefined });
    this.view.refresh();
  }

  /** The tables as they come out when so many events are applied at once. */
  async tablesInBatchesOf(maxBatch: number): Promise<Record<string, unknown[]>> {
    const projection = { ...registryProjection(this.vault), name: `registry_by_${maxBatch}`, maxBatch };
    const database = await openDatabase<RegistryTables>(this.url, { projections: [projection] });
    const projector = new Projector({ database, store: this.store, projection, onFailure: () => undefined });
    try {
      await projector.start();
      const tables: Record<string, unknown[]> = {};
      for (const table of TABLES) {
        const rows = await database.selectFrom(table).selectAll().execute();
        tables[table] = rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      }
      return tables;
    } finally {
      await projector.stop();
      await database.destroy();
    }
  }

  async stop(): Promise<void> {
    await this.projector.stop();
    await this.database.destroy();
    await this.postgres.stop();
  }

  private project(): Projector<RegistryTables> {
    return new Projector({
      database: this.database,
      store: this.store,
      projection: registryProjection(this.vault),
      onFailure: (error) => process.stderr.write(`${String(error)}\n`),
      onShown: (events) => refreshViews(events, this.stations, this.view, { changed: () => undefined }),
    });
  }
}
