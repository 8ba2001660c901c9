// CDR and Session (OCPI 2.2.1 mod_cdrs, mod_sessions): other prices and tariffs, shorter addresses.
import { type Static, Type } from '@sinclair/typebox';
import { WireCdr, WireCdrLocation } from '../v230/cdr';
import { CdrToken, WireSession } from '../v230/session';
import { signedData, type WireSignedData } from '../v230/signed-data';
import type { WireTariff } from '../v230/tariff';
import { type Surroundings, type Translated, translated } from '../version';
import { openEnum, owner } from '../wire-schema';
import { addressFields, shortened } from './location';
import { priceDown, pricesIn, priceUp, WirePrice221 } from './price';
import { tariffDown, tariffUp, WireTariff221 } from './tariff';
import { tokenTypeDown, tokenTypes } from './token';

const price = Type.Optional(WirePrice221);
/** In OCPI 2.2 it named no owner, and some platforms that moved on to 2.2.1 still leave it out. */
const CdrToken221 = Type.Object(
  { ...CdrToken.properties, ...Type.Partial(Type.Object(owner)).properties, type: openEnum(...tokenTypes) },
  { strictly: { required: Object.keys(CdrToken.properties) } },
);

export const WireSession221 = Type.Object({ ...WireSession.properties, cdr_token: CdrToken221, total_cost: price });
type WireSession221 = Static<typeof WireSession221>;

/** Longer records, as most are, have no place in 2.2.1 (mod_cdrs, SignedValue). */
const LONGEST_PLAIN = 512;

const costs = ['total_fixed_cost', 'total_energy_cost', 'total_time_cost', 'total_parking_cost'] as const;
export const WireCdr221 = Type.Object({
  ...WireCdr.properties,
  cdr_token: CdrToken221,
  cdr_location: Type.Object({ ...WireCdrLocation.properties, ...addressFields }),
  tariffs: Type.Optional(Type.Array(WireTariff221)),
  signed_data: Type.Optional(signedData(LONGEST_PLAIN)),
  total_cost: WirePrice221,
  total_fixed_cost: price,
  total_energy_cost: price,
  total_time_cost: price,
  total_parking_cost: price,
});
type WireCdr221 = Static<typeof WireCdr221>;

export const session = translated(WireSession221, sessionUp, sessionDown);
export const cdr = translated(WireCdr221, cdrUp, cdrDown);

export function sessionUp({ total_cost, cdr_token, ...wire }: WireSession221, around: Surroundings): WireSession {
  return { ...wire, cdr_token: cdrTokenUp(cdr_token, around), ...(total_cost === undefined ? {} : { total_cost: priceUp(total_cost) }) };
}

function sessionDown({ total_cost, cdr_token, ...wire }: WireSession): Translated<WireSession221> {
  const losses: string[] = [];
  const said = { ...wire, cdr_token: tokenTypeDown(cdr_token, losses) };
  return { wire: { ...said, ...(total_cost === undefined ? {} : { total_cost: priceDown(total_cost) }) }, losses };
}

export function cdrUp({ tariffs, cdr_token, ...wire }: WireCdr221, around: Surroundings): WireCdr {
  const { total_fixed_cost: _1, total_energy_cost: _2, total_time_cost: _3, total_parking_cost: _4, ...rest } = wire;
  return {
    ...rest,
    cdr_token: cdrTokenUp(cdr_token, around),
    ...(tariffs === undefined ? {} : { tariffs: tariffs.map(tariffUp) }),
    total_cost: priceUp(wire.total_cost),
    ...pricesIn(wire, costs, priceUp),
  };
}

function cdrDown({ tariffs, cdr_token, cdr_location, signed_data, ...wire }: WireCdr): Translated<WireCdr221> {
  const { total_fixed_cost: _1, total_energy_cost: _2, total_time_cost: _3, total_parking_cost: _4, ...rest } = wire;
  const losses: string[] = [];
  return {
    wire: {
      ...rest,
      cdr_token: tokenTypeDown(cdr_token, losses),
      cdr_location: shortened(cdr_location, losses),
      ...saidTariffs(tariffs, tariffDown, losses),
      ...saidSignedData(signed_data, losses),
      total_cost: priceDown(wire.total_cost),
      ...pricesIn(wire, costs, priceDown),
    },
    losses,
  };
}

/** Without an owner it is the token that its contract names. */
function cdrTokenUp({ country_code, party_id, ...wire }: Static<typeof CdrToken221>, { token }: Surroundings): CdrToken {
  if (country_code !== undefined && party_id !== undefined) return { country_code, party_id, ...wire };
  if (token === undefined) throw new RangeError('cdr_token names no owner, and no contract that is known here');
  return { country_code: token.country_code, party_id: token.party_id, ...wire };
}

function saidSignedData(signed_data: WireSignedData | undefined, losses: string[]): { signed_data?: WireSignedData } {
  if (signed_data === undefined) return {};
  if (signed_data.signed_values.every(({ plain_data }) => plain_data.length <= LONGEST_PLAIN)) return { signed_data };
  losses.push(`without its signed meter data: a record is longer than ${LONGEST_PLAIN} characters`);
  return {};
}

/** The tariffs of a CDR that a version can say. A CDR is true without its tariff; with a wrong one it would not be. */
export function saidTariffs<T>(
  tariffs: readonly WireTariff[] = [],
  down: (tariff: WireTariff) => Translated<T>,
  losses: string[],
): { tariffs?: T[] } {
  const said = tariffs.flatMap((each) => {
    const tariff = down(each);
    losses.push(...('reason' in tariff ? [`without its tariff: ${tariff.reason}`] : tariff.losses));
    return 'reason' in tariff ? [] : [tariff.wire];
  });
  return said.length === 0 ? {} : { tariffs: said };
}
