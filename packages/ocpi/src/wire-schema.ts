// The vocabulary of wire schemas. One schema an object serves both directions: as it stands it is tolerant and reads what partners send;
// made strict it checks what we write. Keywords under `strictly` count only for our own output.
import { fits, mismatch, type PartyKey, splitPartyKey } from '@evenkeel/contracts';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { DATE_TIME_ALLOWED, DATE_TIME_READ } from './date-time';

/** CiString: printable ASCII, compared without case, kept as received (OCPI 2.2.1 types). */
export const ciString = (maxLength: number) => Type.String({ minLength: 1, maxLength, strictly: { pattern: '^[\\x20-\\x7e]+$' } });
export const text = (maxLength: number) => Type.String({ strictly: { maxLength } });
export const dateTime = Type.String({ pattern: DATE_TIME_READ, strictly: { pattern: DATE_TIME_ALLOWED } });
export const url = Type.String({ minLength: 1, maxLength: 2048, pattern: '^https?://', strictly: { maxLength: 255 } });
/** A value that the version does not list must not fail a message; we write only listed ones. */
export const openEnum = (...values: string[]) => Type.String({ minLength: 1, maxLength: 64, strictly: { enum: values } });

export const countryCode = Type.String({ pattern: '^[A-Za-z]{2}$', strictly: { pattern: '^[A-Z]{2}$' } });
export const partyId = Type.String({ pattern: '^[A-Za-z0-9]{3}$', strictly: { pattern: '^[A-Z0-9]{3}$' } });
export const owner = { country_code: countryCode, party_id: partyId };

/** The two fields by which an object names its owner. */
export function ownedBy(party: PartyKey): { country_code: string; party_id: string } {
  const { countryCode, partyId } = splitPartyKey(party);
  return { country_code: countryCode, party_id: partyId };
}

/** What became of an object that had to be written in an older version: the wire form, and in words what it could not hold. */
export type Expressed<T> = { ok: true; wire: T; losses: string[] } | { ok: false; reason: string };
export type Read<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Reads what a partner sent: fields with null count as absent, unknown fields stay. */
export function readWire<S extends TSchema>(schema: S, received: unknown): Read<Static<S>> {
  const value = withoutNulls(received);
  if (fits(schema, value)) return { ok: true, value };
  return { ok: false, reason: mismatch(schema, value) ?? 'the value is not valid' };
}

/** What the schema names of a value that fits it: what may be kept of an object that can say more than we know of. */
export function knownFields<S extends TSchema>(schema: S, value: Static<S>): Static<S> {
  return Value.Clean(schema, Value.Clone(value)) as Static<S>;
}

/** Checks what we are about to send against the strict form of its schema: a partner's validator must find nothing. */
export function expressed<T>(strict: TSchema, wire: T, losses: string[]): Expressed<T> {
  const wrong = mismatch(strict, wire);
  return wrong === undefined ? { ok: true, wire, losses } : { ok: false, reason: wrong };
}

/** The two that one schema stands for: what may come from partners, and what goes to them. */
export interface WireForms<S extends TSchema = TSchema> {
  readonly received: S;
  readonly said: TSchema;
}

export function wireForms<S extends TSchema>(schema: S): WireForms<S> {
  return { received: schema, said: strictOf(schema) };
}

/** The same schema with `strictly` in force and no unknown fields. */
export function strictOf(schema: TSchema): TSchema {
  return tightened(schema) as TSchema;
}

function tightened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tightened);
  if (value === null || typeof value !== 'object') return value;
  const { strictly, ...rest } = value as Record<string, unknown>;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, tightened(part)]));
  return { ...copy, ...(rest.type === 'object' ? { additionalProperties: false } : {}), ...(strictly as object | undefined) };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const present = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(present.map(([key, part]) => [key, withoutNulls(part)]));
}
