// Token and real-time authorization (OCPI 2.3.0 mod_tokens).
import { partyKey, type TokenRecord, type TokenVerdict } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { ciString, dateTime, type Expressed, expressed, openEnum, ownedBy, owner, strictOf, text } from '../wire-schema';

const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] as const;
const whitelists = ['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER'] as const;

export const WireToken = Type.Object({
  ...owner,
  uid: ciString(36),
  type: openEnum(...tokenTypes, 'EMAID'),
  contract_id: ciString(36),
  visual_number: Type.Optional(text(64)),
  issuer: text(64),
  group_id: Type.Optional(ciString(36)),
  valid: Type.Boolean(),
  whitelist: openEnum(...whitelists),
  language: Type.Optional(text(2)),
  default_profile_type: Type.Optional(openEnum('CHEAP', 'FAST', 'GREEN', 'REGULAR')),
  energy_contract: Type.Optional(Type.Object({ supplier_name: text(64), contract_id: Type.Optional(text(64)) })),
  last_updated: dateTime,
});
export type WireToken = Static<typeof WireToken>;
const StrictToken = strictOf(WireToken);

export function toToken(token: TokenRecord): Expressed<WireToken> {
  const wire: WireToken = {
    ...ownedBy(token.party),
    uid: token.uid,
    type: token.type,
    contract_id: token.contractId,
    ...(token.visualNumber === undefined ? {} : { visual_number: token.visualNumber }),
    issuer: token.issuer,
    ...(token.groupId === undefined ? {} : { group_id: token.groupId }),
    valid: token.valid,
    whitelist: token.whitelist,
    last_updated: writeDateTime(token.lastUpdated),
  };
  return expressed(StrictToken, wire, []);
}

/** A type that we do not know is OTHER, a whitelist that we do not know the most careful one: ask, always. */
export function fromToken(wire: WireToken): TokenRecord {
  return {
    party: partyKey(wire.country_code, wire.party_id),
    uid: wire.uid,
    type: tokenTypeOf(wire.type),
    contractId: wire.contract_id,
    ...(wire.visual_number ? { visualNumber: wire.visual_number.slice(0, 64) } : {}),
    issuer: wire.issuer === '' ? partyKey(wire.country_code, wire.party_id) : wire.issuer.slice(0, 64),
    ...(wire.group_id === undefined ? {} : { groupId: wire.group_id }),
    valid: wire.valid,
    whitelist: whitelists.find((whitelist) => whitelist === wire.whitelist) ?? 'NEVER',
    lastUpdated: instantOf(wire.last_updated),
  };
}

export function tokenTypeOf(type: string): (typeof tokenTypes)[number] {
  return tokenTypes.find((candidate) => candidate === type) ?? 'OTHER';
}

export const LocationReferences = Type.Object({
  location_id: ciString(36),
  evse_uids: Type.Optional(Type.Array(ciString(36))),
});
export type LocationReferences = Static<typeof LocationReferences>;

export const AuthorizationInfo = Type.Object({
  allowed: openEnum('ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'),
  // Required since 2.2.
  token: Type.Optional(WireToken),
  location: Type.Optional(LocationReferences),
  authorization_reference: Type.Optional(ciString(36)),
  info: Type.Optional(Type.Object({ language: text(2), text: text(512) })),
});
export type AuthorizationInfo = Static<typeof AuthorizationInfo>;
export const StrictAuthorizationInfo = strictOf(AuthorizationInfo);

/** `Invalid` of a token that is known means that it may not be used here. */
export function toAllowed(verdict: TokenVerdict): string {
  return {
    Accepted: 'ALLOWED',
    Blocked: 'BLOCKED',
    Expired: 'EXPIRED',
    NoCredit: 'NO_CREDIT',
    Invalid: 'NOT_ALLOWED',
    NotAtThisLocation: 'NOT_ALLOWED',
    NotAllowedTypeEVSE: 'NOT_ALLOWED',
    ConcurrentTx: 'NOT_ALLOWED',
  }[verdict];
}

const verdicts = new Map<string, TokenVerdict>([
  ['ALLOWED', 'Accepted'],
  ['EXPIRED', 'Expired'],
  ['NO_CREDIT', 'NoCredit'],
]);

/** Whatever is not plainly allowed is not. */
export function fromAllowed(allowed: string): TokenVerdict {
  return verdicts.get(allowed) ?? 'Blocked';
}
