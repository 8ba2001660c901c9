// Locations and tariffs of CPO partners, as they sent them. They live in tables only: a pull brings them back at any time.
import type { PartyKey } from '@evenkeel/contracts';
import { partyKey } from '@evenkeel/contracts';
import { instantOf, type WireLocation, type WireTariff } from '@evenkeel/ocpi';
import type { Database, Migrations } from '@evenkeel/read-model';

interface PlaceRow<T> {
  party: string;
  /** Folded: ids are compared without case. */
  id: string;
  partner_id: string;
  object: T;
  last_updated: string;
}

/** Where it is, if what it says of that is a place on Earth. */
interface LocationRow extends PlaceRow<WireLocation> {
  latitude: number | null;
  longitude: number | null;
}

export interface PlaceTables {
  partner_location: LocationRow;
  partner_tariff: PlaceRow<WireTariff>;
}

export const placeMigrations: Migrations = {
  '005-partner-places': {
    up: async (database) => {
      for (const table of ['partner_location', 'partner_tariff']) {
        await database.schema
          .createTable(table)
          .addColumn('party', 'text', (column) => column.notNull())
          .addColumn('id', 'text', (column) => column.notNull())
          .addColumn('partner_id', 'text', (column) => column.notNull())
          .addColumn('object', 'jsonb', (column) => column.notNull())
          .addColumn('last_updated', 'timestamptz', (column) => column.notNull())
          .addPrimaryKeyConstraint(`${table}_key`, ['party', 'id'])
          .execute();
      }
    },
  },
};

/** For searches by place. What was kept before comes again by a pull, with its position. */
export const positionMigrations: Migrations = {
  '011-place-positions': {
    up: async (database) => {
      for (const table of ['pull', 'partner_location']) await database.deleteFrom(table).execute();
      await database.schema.alterTable('partner_location').addColumn('latitude', 'float8').addColumn('longitude', 'float8').execute();
      await database.schema.createIndex('partner_location_position').on('partner_location').columns(['latitude', 'longitude']).execute();
    },
  },
};

export class PartnerPlaces {
  constructor(private readonly database: Database<PlaceTables>) {}

  /** One statement a page. An older version than the one we have changes nothing. */
  async keepLocations(partnerId: string, locations: readonly WireLocation[], database = this.database): Promise<void> {
    const rows = rowsOf(partnerId, locations).map((row): LocationRow => ({ ...row, ...positionOf(row.object) }));
    if (rows.length === 0) return;
    await database
      .insertInto('partner_location')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['party', 'id'])
          .doUpdateSet((excluded) => ({
            partner_id: excluded.ref('excluded.partner_id'),
            object: excluded.ref('excluded.object'),
            latitude: excluded.ref('excluded.latitude'),
            longitude: excluded.ref('excluded.longitude'),
            last_updated: excluded.ref('excluded.last_updated'),
          }))
          .whereRef('partner_location.last_updated', '<=', (excluded) => excluded.ref('excluded.last_updated')),
      )
      .execute();
  }

  async keepTariffs(partnerId: string, tariffs: readonly WireTariff[]): Promise<void> {
    const rows = rowsOf(partnerId, tariffs);
    if (rows.length === 0) return;
    await this.database
      .insertInto('partner_tariff')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['party', 'id'])
          .doUpdateSet((excluded) => ({
            partner_id: excluded.ref('excluded.partner_id'),
            object: excluded.ref('excluded.object'),
            last_updated: excluded.ref('excluded.last_updated'),
          }))
          .whereRef('partner_tariff.last_updated', '<=', (excluded) => excluded.ref('excluded.last_updated')),
      )
      .execute();
  }

  /**
   * Changes one while nobody else does: its EVSEs and connectors come in requests of their own, several at once.
   * @param change gives what it was given where nothing is to be kept; what it throws leaves the location as it was.
   * @returns whether there is such a location.
   */
  changeLocation(partnerId: string, party: PartyKey, id: string, change: (before: WireLocation) => WireLocation): Promise<boolean> {
    return this.database.transaction().execute(async (transaction) => {
      const row = await locationRow(transaction, party, id).forUpdate().executeTakeFirst();
      if (!row) return false;
      const changed = change(row.object);
      if (changed !== row.object) await this.keepLocations(partnerId, [changed], transaction);
      return true;
    });
  }

  async location(party: PartyKey, id: string): Promise<WireLocation | undefined> {
    return (await locationRow(this.database, party, id).executeTakeFirst())?.object;
  }

  async tariff(party: PartyKey, id: string): Promise<WireTariff | undefined> {
    const rows = this.database.selectFrom('partner_tariff').select('object').where('party', '=', party).where('id', '=', id.toLowerCase());
    return (await rows.executeTakeFirst())?.object;
  }

  /** @returns whether there was one. */
  async dropTariff(party: PartyKey, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.database
      .deleteFrom('partner_tariff')
      .where('party', '=', party)
      .where('id', '=', id.toLowerCase())
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }
}

function locationRow(database: Database<PlaceTables>, party: PartyKey, id: string) {
  return database.selectFrom('partner_location').select('object').where('party', '=', party).where('id', '=', id.toLowerCase());
}

function positionOf({ coordinates: { latitude, longitude } }: WireLocation): Pick<LocationRow, 'latitude' | 'longitude'> {
  const within = (text: string, most: number) => (/^-?[0-9.]+$/.test(text) && Math.abs(Number(text)) <= most ? Number(text) : null);
  return { latitude: within(latitude, 90), longitude: within(longitude, 180) };
}

type Place = { country_code: string; party_id: string; id: string; last_updated: string };

/** One row an object: a page that an update moved may carry the same one twice. */
function rowsOf<T extends Place>(partnerId: string, objects: readonly T[]): PlaceRow<T>[] {
  const rows = new Map<string, PlaceRow<T>>();
  for (const object of objects) {
    const party = partyKey(object.country_code, object.party_id);
    const id = object.id.toLowerCase();
    rows.set(`${party}/${id}`, { party, id, partner_id: partnerId, object, last_updated: instantOf(object.last_updated) });
  }
  return [...rows.values()];
}
