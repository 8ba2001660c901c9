// The station identity in the connection URL: the last path segment, percent-decoded exactly once (OCPP-J 1.6 section 3.1.1,
// OCPP 2.0.1 Part 4 section 3). Identity is case-insensitive, so stations are looked up by a folded key.
import type { OcppVersion } from './version';

export interface StationIdentity {
  /** As the station spells it. */
  readonly identity: string;
  /** What it is looked up by: `cp01` and `CP01` are one station (CiString in 1.6, identifierString in 2.x). */
  readonly key: string;
  /** The path before the identity, without its last slash. What it means (a tenant, for example) is a matter of deployment. */
  readonly basePath: string;
}

/** Why a URL names no station, with the HTTP status to refuse the upgrade with. */
export interface IdentityRefusal {
  readonly status: 400 | 404;
  readonly reason: 'empty' | 'invalidEscape' | 'tooLong' | 'controlCharacter';
}

/** The limit of OCPP 2.x identifierString(48). OCPP 1.6 has none; the same bound keeps URLs and keys sane. */
export const DEFAULT_IDENTITY_LENGTH = 48;

/** Reads the identity from a request target such as `/ocpp/RDAM%7C123?token=x`. The query is ignored, one trailing slash is tolerated. */
export function readIdentity(requestTarget: string, maxLength = DEFAULT_IDENTITY_LENGTH): StationIdentity | IdentityRefusal {
  const queryAt = requestTarget.indexOf('?');
  const pathWithSlash = queryAt === -1 ? requestTarget : requestTarget.slice(0, queryAt);
  const path = pathWithSlash.endsWith('/') ? pathWithSlash.slice(0, -1) : pathWithSlash;
  const lastSlash = path.lastIndexOf('/');
  // Split first and decode afterwards: %2F is a slash inside the identity and must not split the path.
  const identity = percentDecode(path.slice(lastSlash + 1));
  if (identity === undefined) return { status: 400, reason: 'invalidEscape' };
  if (identity === '') return { status: 404, reason: 'empty' };
  if (identity.length > maxLength) return { status: 400, reason: 'tooLong' };
  if (hasControlCharacter(identity)) return { status: 400, reason: 'controlCharacter' };
  return { identity, key: foldIdentity(identity), basePath: path.slice(0, Math.max(lastSlash, 0)) };
}

export function isIdentityRefusal(result: StationIdentity | IdentityRefusal): result is IdentityRefusal {
  return 'status' in result;
}

/**
 * Folds ASCII letters only. Unicode folding would merge identities that differ on the wire: the Kelvin sign, for one, folds to `k`.
 */
export function foldIdentity(identity: string): string {
  return identity.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether a version allows this identity. OCPP 2.x draws it from identifierString without the colon, which separates user and password
 * (OCPP 2.0.1 Part 4 section 3); OCPP 1.6 restricts nothing beyond what {@link readIdentity} checks.
 */
export function identityFitsVersion(identity: string, version: OcppVersion): boolean {
  return version === '1.6' || /^[a-zA-Z0-9*\-_=+|@.]{1,48}$/.test(identity);
}

function percentDecode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // decodeURIComponent throws on a broken escape and on bytes that are not UTF-8; both are a malformed identity.
    return undefined;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
