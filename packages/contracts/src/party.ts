// A party is the legal operator behind a country code and party id (OCPI 2.2.1 mod_credentials: `country_code`, `party_id`).
// One deployment can host several, so every id, stream and subject carries one.
import { type Static, Type } from '@sinclair/typebox';

/** "US-CHG": ISO 3166-1 alpha-2 country, a dash, three characters of party id, upper case. */
export const PartyKey = Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{3}$', description: 'Country code and party id, e.g. US-CHG' });
export type PartyKey = Static<typeof PartyKey>;

/** Joins the two halves; both are compared case-insensitively by OCPI, so the key is always upper case. */
export function partyKey(countryCode: string, partyId: string): PartyKey {
  return `${countryCode.toUpperCase()}-${partyId.toUpperCase()}`;
}

/** @returns the two halves of a key made by `partyKey`. */
export function splitPartyKey(key: PartyKey): { countryCode: string; partyId: string } {
  return { countryCode: key.slice(0, 2), partyId: key.slice(3) };
}
