// Whose object a Receiver path is about (OCPI 2.2.1 transport_and_format, Receiver interfaces): the owner in the path must be a party of
// the caller in the role that owns such objects, and must be the owner in the body.
import { type PartyKey, partyKey } from '@evenkeel/contracts';
import {
  type CdrToken,
  type Expressed,
  instantOf,
  OcpiProblem,
  patched,
  type Read,
  readDateTime,
  type VersionObject,
} from '@evenkeel/ocpi';
import type { Role } from '../interfaces';
import type { Caller } from '../partner/partner-view';

export interface OwnerPath {
  country: string;
  party: string;
}

export function partyOf({ country, party }: OwnerPath): PartyKey {
  return partyKey(country, party);
}

/** @throws OcpiProblem 404 where the owner is not a party of the caller, behind it where it is a hub. */
export function ownerIn(path: OwnerPath, caller: Caller, role: Role): PartyKey {
  const owner = partyOf(path);
  const isTheirs = caller.partner.registration?.roles.some((candidate) => candidate.party === owner && candidate.role === role) === true;
  if (!isTheirs) throw OcpiProblem.missing(`${owner} is not a ${role} party of the calling platform`);
  return owner;
}

/** Whom the caller speaks for in a role: the party that the request is from, and all of its parties where the request is from no such one. */
export function speaksFor({ partner, from }: Caller, role: Role): PartyKey[] {
  const parties = (partner.registration?.roles ?? []).filter((each) => each.role === role).map(({ party }) => party);
  return from !== undefined && parties.includes(from) ? [from] : parties;
}

/** Of a partner of OCPI 2.1.1, whose objects name no owner: it has one party. */
export function onlyParty({ partner }: Caller): PartyKey {
  const [role] = partner.registration?.roles ?? [];
  if (!role) throw OcpiProblem.unauthorized();
  return role.party;
}

type Owned = { country_code: string; party_id: string; last_updated: string };

/** @throws OcpiProblem 2001 for a body that does not fit the schema, the path or the calendar. */
export function ownedBody<T extends Owned>(object: VersionObject<T>, body: unknown, owner: PartyKey, token?: CdrToken): T {
  const value = bodyOf(object.read(body, { owner, ...(token ? { token } : {}) }));
  checkOwner(value, owner);
  if (readDateTime(value.last_updated) === undefined) throw OcpiProblem.invalid('last_updated is not a DateTime');
  return value;
}

/** @throws OcpiProblem 2001 for a body of another owner than the path's. */
export function checkOwner({ country_code, party_id }: Omit<Owned, 'last_updated'>, owner: PartyKey): void {
  if (partyKey(country_code, party_id) === owner) return;
  throw OcpiProblem.invalid(`the body belongs to ${country_code}-${party_id}, the path to ${owner}`);
}

/** @throws OcpiProblem 2001 where the id of the body is not that of the path; ids are compared without case. */
export function checkId(inBody: string, inPath: string): void {
  if (inBody.toLowerCase() !== inPath.toLowerCase()) throw OcpiProblem.invalid(`the body is about ${inBody}, the path about ${inPath}`);
}

/** @throws OcpiProblem 2001 for a PATCH that is no object or does not say when it was made. */
export function patchBody(body: unknown): Record<string, unknown> & { last_updated: string } {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw OcpiProblem.invalid('a PATCH is an object');
  const { last_updated } = body as { last_updated?: unknown };
  if (typeof last_updated !== 'string' || readDateTime(last_updated) === undefined)
    throw OcpiProblem.invalid('a PATCH must carry last_updated');
  return { ...body, last_updated };
}

/** An overtaken PATCH is no fault of its sender; it only comes too late. */
export function isOlder(patch: { last_updated: string }, known: { last_updated: string }): boolean {
  const knownAt = readDateTime(known.last_updated);
  return knownAt !== undefined && instantOf(patch.last_updated) < knownAt;
}

/** The object after the PATCH, which is in the words of the partner's version (OCPI transport_and_format, PATCH). @throws OcpiProblem 2001 */
export function afterPatch<T>(object: VersionObject<T>, known: T, patch: Record<string, unknown>, owner: PartyKey): T {
  return bodyOf(object.read(patched(object.show(known) as Record<string, unknown>, patch), { owner }));
}

/** What a partner sent and is to hear again must be as OCPI wants it. @throws OcpiProblem 2001 */
export function checkSayable(said: Expressed<unknown>): void {
  if (!said.ok) throw OcpiProblem.invalid(said.reason);
}

export function bodyOf<T>(read: Read<T>): T {
  if (!read.ok) throw OcpiProblem.invalid(read.reason);
  return read.value;
}
