// The bookkeeping of projections: two tables, and the few transactions that change them.
//
//   projection             one row a version that has pods: which generation serves, which one is wanted, when a pod was last seen.
//   projection_generation  one row a generation: the position that its tables show (the fence of whoever feeds it), who builds it, and since
//                          when it has been retired.
//
// Readers always read the schema `sessions_v2`. A generation is built in `sessions_v2_g3`; the swap renames the one that served to
// `sessions_v2_g2` and the new one to `sessions_v2`, together with the rows, in one transaction that takes no lock on any table: a statement
// sees the one or the other. A generation that is retired is never fed again, and takes over only at a position that the one that serves has
// not passed: what a reader saw stays visible. A statement that meets the swap may read one of its tables before it and the next behind it.
import { comparePositions, distanceBetween, type Position, parsePosition } from '@evenkeel/event-store';
import { type Kysely, type Migration, type RawBuilder, sql, type Transaction } from 'kysely';
import { type Projection, type ProjectionVersion, restingSchema, servingSchema } from './projection';

/** A generation, and what its tables show. */
export interface Place {
  readonly generation: number;
  readonly position: Position | undefined;
}

/** What the row of a version says; `serving` is undefined until the first generation has caught up. */
export interface Pointer {
  readonly serving: number | undefined;
  readonly wanted: number;
}

/** A builder that says nothing for so long is followed by another pod. */
const BUILDER_SECONDS = 5;

export const bookkeeping: Record<string, Migration> = {
  '000-projections': {
    up: async (database) => {
      await sql`
        create table projection (
          name text not null, version integer not null, serving integer, wanted integer not null, seen_at timestamptz not null,
          primary key (name, version)
        )`.execute(database);
      await sql`
        create table projection_generation (
          name text not null, version integer not null, generation integer not null, position text,
          builder text, built_until timestamptz, retired_at timestamptz, primary key (name, version, generation)
        )`.execute(database);
    },
  },
};

export class Generations<Tables> {
  private readonly version: RawBuilder<boolean>;

  constructor(
    private readonly database: Kysely<Tables>,
    private readonly projection: Projection<Tables>,
    /** Names this pod among those that may build. */
    private readonly pod: string,
  ) {
    this.version = sql<boolean>`name = ${projection.name} and version = ${projection.version}`;
  }

  /** Says that a pod of this version lives. A version that nobody knew wants its first generation. */
  async checkIn(): Promise<Pointer> {
    const { name, version } = this.projection;
    const { rows } = await sql<{ serving: number | null; wanted: number }>`
      insert into public.projection (name, version, wanted, seen_at) values (${name}, ${version}, 1, now())
      on conflict (name, version) do update set seen_at = now()
      returning serving, wanted`.execute(this.database);
    const [row] = rows;
    return { serving: row?.serving ?? undefined, wanted: row?.wanted ?? 1 };
  }

  /** The generation of this version that readers see. */
  async serving(): Promise<Place | undefined> {
    const { rows } = await sql<PlaceRow>`
      select generation, position from public.projection_generation join public.projection using (name, version)
      where ${this.version} and generation = serving`.execute(this.database);
    return rows[0] && placeOf(rows[0]);
  }

  /**
   * Makes the generation's tables unless they are there, half built by a pod that is gone, and takes it on.
   * @returns undefined when another pod is at work on it, or when it is not wanted any more.
   */
  async takeOn(generation: number): Promise<Place | undefined> {
    const { name, version } = this.projection;
    return this.database.transaction().execute(async (transaction) => {
      const { numAffectedRows: created } = await sql`
        insert into public.projection_generation (name, version, generation)
        select name, version, wanted from public.projection where ${this.version} and wanted = ${generation}
        on conflict do nothing`.execute(transaction);
      if (created === 1n) {
        const schema = restingSchema(this.projection, generation);
        await sql`create schema ${sql.id(schema)}`.execute(transaction);
        await sql`select set_config('search_path', ${schema}, true)`.execute(transaction);
        await this.projection.create(transaction);
      }
      const { rows } = await sql<PlaceRow>`
        update public.projection_generation set builder = ${this.pod}, built_until = ${builderTime}
        where ${this.version} and generation = ${generation} and retired_at is null
          and (builder is null or builder = ${this.pod} or built_until < now())
          and exists (select from public.projection where name = ${name} and version = ${version} and serving is distinct from ${generation})
        returning generation, position`.execute(transaction);
      return rows[0] && placeOf(rows[0]);
    });
  }

  /** While the generation waits, for example for a failure to be mended, it stays this pod's. */
  async keepOn(generation: number): Promise<void> {
    await sql`
      update public.projection_generation set built_until = ${builderTime}
      where ${this.version} and generation = ${generation} and builder = ${this.pod}`.execute(this.database);
  }

  /** Lets another pod go on at once. */
  async layDown(generation: number): Promise<void> {
    await sql`
      update public.projection_generation set builder = null
      where ${this.version} and generation = ${generation} and builder = ${this.pod}`.execute(this.database);
  }

  /** The planner knows nothing of tables that were filled a moment ago. */
  async analyze(generation: number): Promise<void> {
    const schema = restingSchema(this.projection, generation);
    const { rows } = await sql<{ tablename: string }>`select tablename from pg_tables where schemaname = ${schema}`.execute(this.database);
    for (const { tablename } of rows) await sql`analyze ${sql.id(schema, tablename)}`.execute(this.database);
  }

  /**
   * The fence: moves the position that this feeder has seen, and points the transaction at the generation's tables.
   * @returns false when another feeder has moved it, or when the generation does not serve, or is not this pod's to build, any more.
   */
  async advance(transaction: Transaction<Tables>, from: Place, to: Position | undefined, role: 'live' | 'builder'): Promise<boolean> {
    const [schema, builder] =
      role === 'live' ? [servingSchema(this.projection), null] : [restingSchema(this.projection, from.generation), this.pod];
    const { rows } = await sql`
      with moved as (
        update public.projection_generation set position = ${to ?? null}, built_until = ${builderTime}
        where ${this.version} and generation = ${from.generation} and retired_at is null
          and position is not distinct from ${from.position ?? null} and builder is not distinct from ${builder}
        returning generation
      )
      select set_config('search_path', ${schema}, true) from moved`.execute(transaction);
    return rows.length === 1;
  }

  /** The furthest that readers of any version have seen. */
  async furthestServing(): Promise<Position | undefined> {
    return this.furthest(this.database, sql``);
  }

  /** As `furthestServing`, and nobody gets further before the transaction ends. */
  async holdServing(transaction: Transaction<Tables>): Promise<Position | undefined> {
    return this.furthest(transaction, sql`for update of g`);
  }

  /** Lets the generation serve, at the position that was just moved to. */
  async swap(transaction: Transaction<Tables>, generation: number): Promise<void> {
    const { rows } = await sql<{ serving: number | null }>`
      select serving from public.projection where ${this.version} for update`.execute(transaction);
    const earlier = rows[0]?.serving ?? undefined;
    const serving = servingSchema(this.projection);
    if (earlier !== undefined) {
      await sql`
        update public.projection_generation set retired_at = now() where ${this.version} and generation = ${earlier}`.execute(transaction);
      await renameSchema(transaction, serving, restingSchema(this.projection, earlier));
    }
    await renameSchema(transaction, restingSchema(this.projection, generation), serving);
    await sql`
      update public.projection_generation set builder = null where ${this.version} and generation = ${generation}`.execute(transaction);
    await sql`update public.projection set serving = ${generation} where ${this.version}`.execute(transaction);
  }

  /** Drops what has not served for the grace: generations of this version that are retired, and versions of which no pod is left. */
  async dropUnused(graceSeconds: number): Promise<void> {
    const long = sql`now() - make_interval(secs => ${graceSeconds})`;
    const { name, version } = this.projection;
    await this.database.transaction().execute(async (transaction) => {
      const { rows: retired } = await sql<{ generation: number }>`
        delete from public.projection_generation where ${this.version} and retired_at < ${long} returning generation`.execute(transaction);
      for (const { generation } of retired) await dropSchema(transaction, restingSchema(this.projection, generation));
      const { rows: abandoned } = await sql<{ version: number }>`
        delete from public.projection where name = ${name} and version <> ${version} and seen_at < ${long} returning version`.execute(
        transaction,
      );
      for (const other of abandoned) {
        const { rows } = await sql<{ generation: number }>`
          delete from public.projection_generation where name = ${name} and version = ${other.version} returning generation`.execute(
          transaction,
        );
        await dropSchema(transaction, servingSchema({ name, ...other }));
        for (const { generation } of rows) await dropSchema(transaction, restingSchema({ name, ...other }, generation));
      }
    });
  }

  private async furthest(database: Kysely<Tables>, lock: RawBuilder<unknown>): Promise<Position | undefined> {
    const { rows } = await sql<PlaceRow>`
      select g.generation, g.position from public.projection_generation g
      join public.projection p on p.name = g.name and p.version = g.version and p.serving = g.generation
      where g.name = ${this.projection.name} order by g.version ${lock}`.execute(database);
    const positions = rows.flatMap((row) => placeOf(row).position ?? []);
    return positions.sort(comparePositions).at(-1);
  }
}

export interface RequestedRebuild extends ProjectionVersion {
  generation: number;
  /** Whether a rebuild was under way already. */
  underWay: boolean;
}

/**
 * Wants another generation of each projection of which pods are running; they notice within moments.
 * @param name of one projection; all of the database's unless given.
 */
export async function requestRebuild<Tables>(database: Kysely<Tables>, name?: string): Promise<RequestedRebuild[]> {
  const named = name === undefined ? sql`true` : sql`name = ${name}`;
  const { rows } = await sql<{ name: string; version: number; wanted: number; under_way: boolean }>`
    with live as (
      select name, version, serving, wanted, serving is distinct from wanted as under_way from public.projection
      where ${named} and seen_at > now() - interval '1 minute' for update
    ), asked as (
      update public.projection p set wanted = live.wanted + 1 from live
      where p.name = live.name and p.version = live.version and not live.under_way
    )
    select name, version, case when under_way then wanted else wanted + 1 end as wanted, under_way from live order by name, version`.execute(
    database,
  );
  return rows.map(({ wanted, under_way, ...projection }) => ({ ...projection, generation: wanted, underWay: under_way }));
}

/** @returns whether the generation, or a later one, serves, and how far it is behind the one that does; undefined before it is begun. */
export async function rebuildProgress<Tables>(
  database: Kysely<Tables>,
  { name, version, generation }: Pick<RequestedRebuild, 'name' | 'version' | 'generation'>,
): Promise<{ serves: boolean; behind: number | undefined }> {
  const { rows } = await sql<{ serves: boolean; shown: string | null; built: string | null; begun: boolean }>`
    select coalesce(p.serving >= ${generation}, false) as serves, s.position as shown, b.position as built, b.generation is not null as begun
    from public.projection p
    left join public.projection_generation s on s.name = p.name and s.version = p.version and s.generation = p.serving
    left join public.projection_generation b on b.name = p.name and b.version = p.version and b.generation = ${generation}
    where p.name = ${name} and p.version = ${version}`.execute(database);
  const { serves = false, shown = null, built = null, begun = false } = rows[0] ?? {};
  if (!begun) return { serves, behind: undefined };
  const from = built === null ? undefined : parsePosition(built);
  return { serves, behind: shown === null ? 0 : Math.max(0, distanceBetween(from, parsePosition(shown))) };
}

type PlaceRow = { generation: number; position: string | null };

const builderTime = sql`now() + make_interval(secs => ${sql.lit(BUILDER_SECONDS)})`;

function placeOf({ generation, position }: PlaceRow): Place {
  return { generation, position: position === null ? undefined : parsePosition(position) };
}

async function renameSchema<Tables>(transaction: Transaction<Tables>, from: string, to: string): Promise<void> {
  await sql`alter schema ${sql.id(from)} rename to ${sql.id(to)}`.execute(transaction);
}

async function dropSchema<Tables>(transaction: Transaction<Tables>, schema: string): Promise<void> {
  await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(transaction);
}
