// Finds where our drivers can charge at partners, for maps and lists, with the tariffs that hold there.
import { type PartnerPlace, type PartnerPlacePage, type PartnerPlaceQuery, Problem, partyKey } from '@evenkeel/contracts';
import { canonical, instantOf, type WireLocation, type WireTariff } from '@evenkeel/ocpi';
import type { Database } from '@evenkeel/read-model';
import { type Expression, sql } from 'kysely';
import type { PlaceTables } from './partner-places';

const DEFAULT_PAGE = 100;
/** Of the Earth, taken for a sphere. */
const RADIUS_M = 6_371_000;
const M_PER_DEGREE = (Math.PI / 180) * RADIUS_M;
/** An EVSE with a connector as it is wanted, free where that is wanted; what a CPO says of the power, or what voltage and current come to. */
const WANTED = `$.evses[*] ? (
  ($available == false || @.status == "AVAILABLE") && @.status != "REMOVED" && exists(@.connectors[*] ? (
    ($standard == "" || @.standard == $standard)
    && ($power == 0 || @.max_electric_power >= $power || @.max_voltage * @.max_amperage >= $power)
  ))
)`;

type Box = { west: number; south: number; east: number; north: number };

export class PlaceSearch {
  constructor(private readonly database: Database<PlaceTables>) {}

  /** @throws Problem `invalid` for half a box or half a point. */
  async find(query: PartnerPlaceQuery): Promise<PartnerPlacePage> {
    const { limit = DEFAULT_PAGE, after, party, text } = query;
    const point = pointIn(query);
    const box = point ? boxAround(point) : boxIn(query);
    const distance = point ? distanceFrom(point) : sql<number | null>`null`;
    let rows = this.database
      .selectFrom('partner_location')
      .select(['party', 'id', 'object', distance.as('distance')])
      .where(sql<boolean>`(object -> 'publish')::boolean`)
      .where(sql<boolean>`jsonb_path_exists(object, ${WANTED}::jsonpath, ${JSON.stringify(wanted(query))}::jsonb)`)
      .limit(limit + 1);
    if (box) rows = rows.where('latitude', '>=', box.south).where('latitude', '<=', box.north).where(longitudeIn(box));
    if (point) rows = rows.where(distance, '<=', point.radiusM).orderBy('distance');
    if (party !== undefined) rows = rows.where('party', '=', party);
    if (text !== undefined) {
      const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
      rows = rows.where(sql<boolean>`concat_ws(' ', object ->> 'name', object ->> 'address', object ->> 'city') ilike ${pattern}`);
    }
    // Around a point there are no further pages: who wants more widens the circle or the limit.
    if (!point && after !== undefined) rows = rows.where(sql`party || '/' || id`, '>', after);
    const found = await rows.orderBy(sql`party || '/' || id`).execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items = page.map(({ object, distance: metres }) => placeOf(object, metres === null ? undefined : Math.round(metres)));
    const next = !point && found.length > limit && last ? { next: `${last.party}/${last.id}` } : {};
    return { items, ...next, tariffs: await this.tariffsOf(items) };
  }

  private async tariffsOf(places: readonly PartnerPlace[]): Promise<PartnerPlacePage['tariffs']> {
    const named = new Set(
      places.flatMap(({ party, evses }) =>
        evses.flatMap(({ connectors }) => connectors.flatMap(({ tariffIds }) => tariffIds.map((id) => `${party}/${id.toLowerCase()}`))),
      ),
    );
    if (named.size === 0) return [];
    const rows = await this.database
      .selectFrom('partner_tariff')
      .select(['party', 'object'])
      .where(sql`party || '/' || id`, 'in', [...named])
      .execute();
    return rows.flatMap(({ party, object }) => priceable(object).map((tariff) => ({ party, tariff })));
  }
}

function wanted({ standard = '', minPowerW = 0, available = false }: PartnerPlaceQuery) {
  return { standard, power: minPowerW, available };
}

/** None for what a partner sent that nobody can price by. */
function priceable(object: WireTariff) {
  try {
    return [canonical.tariff.read(object)];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

interface Point {
  latitude: number;
  longitude: number;
  radiusM: number;
}

function pointIn({ latitude, longitude, radiusM }: PartnerPlaceQuery): Point | undefined {
  if (latitude === undefined && longitude === undefined && radiusM === undefined) return undefined;
  if (latitude === undefined || longitude === undefined || radiusM === undefined) {
    throw new Problem('invalid', 'latitude, longitude and radiusM belong together');
  }
  return { latitude, longitude, radiusM };
}

function boxIn({ west, south, east, north }: PartnerPlaceQuery): Box | undefined {
  const edges = [west, south, east, north];
  if (edges.every((edge) => edge === undefined)) return undefined;
  if (west === undefined || south === undefined || east === undefined || north === undefined) {
    throw new Problem('invalid', 'west, south, east and north belong together');
  }
  return { west, south, east, north };
}

/** What the circle lies in: an index finds that, and the distance decides. */
function boxAround({ latitude, longitude, radiusM }: Point): Box {
  const up = radiusM / M_PER_DEGREE;
  const shrunk = Math.cos((Math.min(89, Math.abs(latitude) + up) * Math.PI) / 180);
  const aside = Math.min(180, up / shrunk);
  const wrapped = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;
  const [west, east] = aside === 180 ? [-180, 180] : [wrapped(longitude - aside), wrapped(longitude + aside)];
  return { west, south: latitude - up, east, north: latitude + up };
}

/** A box whose west is east of its east lies across the 180th meridian. */
function longitudeIn({ west, east }: Box): Expression<boolean> {
  if (west <= east) return sql<boolean>`longitude between ${west} and ${east}`;
  return sql<boolean>`(longitude >= ${west} or longitude <= ${east})`;
}

/** In metres along a great circle. */
function distanceFrom({ latitude, longitude }: Point) {
  return sql<number>`${2 * RADIUS_M}::float8 * asin(sqrt(least(1, power(sin(radians(latitude - ${latitude}::float8) / 2), 2)
    + cos(radians(${latitude}::float8)) * cos(radians(latitude)) * power(sin(radians(longitude - ${longitude}::float8) / 2), 2))))`;
}

function placeOf(location: WireLocation, distanceM: number | undefined): PartnerPlace {
  const { country_code, party_id, id, name, address, city, postal_code, state, country, coordinates, time_zone, evses = [] } = location;
  return {
    ...{ party: partyKey(country_code, party_id), locationId: id, address, city, country, ...coordinatesOf(coordinates) },
    ...(name === undefined ? {} : { name }),
    ...(postal_code === undefined ? {} : { postalCode: postal_code }),
    ...(state === undefined ? {} : { state }),
    ...(time_zone === undefined ? {} : { timeZone: time_zone }),
    ...(distanceM === undefined ? {} : { distanceM }),
    evses: evses.filter(({ status }) => status !== 'REMOVED').map(evseOf),
    lastUpdated: instantOf(location.last_updated),
  };
}

function coordinatesOf({ latitude, longitude }: WireLocation['coordinates']) {
  return { latitude, longitude };
}

function evseOf({ uid, evse_id, status, connectors }: NonNullable<WireLocation['evses']>[number]): PartnerPlace['evses'][number] {
  return {
    uid,
    ...(evse_id === undefined ? {} : { evseId: evse_id }),
    status,
    connectors: connectors.map((connector) => ({
      connectorId: connector.id,
      standard: connector.standard,
      format: connector.format,
      powerType: connector.power_type,
      maxVoltageV: connector.max_voltage,
      maxCurrentA: connector.max_amperage,
      ...(connector.max_electric_power === undefined ? {} : { maxPowerW: connector.max_electric_power }),
      tariffIds: connector.tariff_ids ?? [],
    })),
  };
}
