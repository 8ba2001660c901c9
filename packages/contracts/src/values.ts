// Field shapes that several messages share: instants, exact decimals, coordinates of a charging place.
import { type Static, Type } from '@sinclair/typebox';

/** An instant as RFC 3339 UTC with milliseconds, e.g. 2026-03-01T10:00:00.000Z. */
export const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$' });

/** An instant that somebody outside names: one that the calendar has. */
export const AskedInstant = Type.String({ pattern: Instant.pattern, format: 'date-time' });

/** An exact decimal as text. Numbers of money and energy never pass through binary floating point. */
export const DecimalText = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' });

export const Text = (maxLength = 255) => Type.String({ minLength: 1, maxLength });

/** The OCPI 2.2.1 TokenType values. */
export const TokenType = Type.Union([Type.Literal('RFID'), Type.Literal('APP_USER'), Type.Literal('AD_HOC_USER'), Type.Literal('OTHER')]);
export type TokenType = Static<typeof TokenType>;

/** A token as a station or a partner names it. It tells who somebody is: requests may carry it, nothing that is stored may. */
export const PresentedToken = Type.Object({ uid: Type.String({ maxLength: 36 }), type: TokenType });
export type PresentedToken = Static<typeof PresentedToken>;

/** The keyed hash of a token's uid (`IdentityHash`): it finds the token again, and tells nobody who holds it. */
export const TokenKey = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'Keyed hash of a token uid' });

/** A token in everything that is stored or said. */
export const TokenReference = Type.Object({ key: TokenKey, type: TokenType });
export type TokenReference = Static<typeof TokenReference>;

/** Page of a list: rows in key order and the key to continue after; `next` is absent on the last page. */
export const PageRequest = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  after: Type.Optional(Type.String({ maxLength: 500 })),
};
export const pageOf = <T extends import('@sinclair/typebox').TSchema>(row: T) =>
  Type.Object({ items: Type.Array(row), next: Type.Optional(Type.String()) });
