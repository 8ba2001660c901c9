// Token and its authorization (OCPI 2.1.1 mod_tokens): named by its contract (auth_id), of type RFID or OTHER, in no group.
import { type Static, Type } from '@sinclair/typebox';
import { AuthorizationInfo, WireToken } from '../v230/token';
import { type Translated, translated } from '../version';
import { ciString, openEnum, ownedBy } from '../wire-schema';

const {
  country_code: _1,
  party_id: _2,
  contract_id: _3,
  group_id: _4,
  default_profile_type: _5,
  energy_contract: _6,
  ...fields
} = WireToken.properties;
export const WireToken211 = Type.Object({ ...fields, type: openEnum('OTHER', 'RFID'), auth_id: ciString(36) });
type WireToken211 = Static<typeof WireToken211>;

const { allowed, location, info } = AuthorizationInfo.properties;
const AuthorizationInfo211 = Type.Object({ allowed, location, info });

export const token = translated(
  WireToken211,
  ({ auth_id, ...wire }, { owner }): WireToken => {
    return { ...ownedBy(owner), ...wire, contract_id: auth_id };
  },
  tokenDown,
);

export const authorization = translated(
  AuthorizationInfo211,
  (wire): AuthorizationInfo => wire,
  ({ allowed, location, info, authorization_reference }) => ({
    wire: { allowed, ...(location === undefined ? {} : { location }), ...(info === undefined ? {} : { info }) },
    losses: authorization_reference === undefined ? [] : ['the authorization reference is not said'],
  }),
);

function tokenDown(canonical: WireToken): Translated<WireToken211> {
  const { country_code: _, party_id: __, contract_id, type, group_id, default_profile_type, energy_contract, ...wire } = canonical;
  const losses = type === 'RFID' || type === 'OTHER' ? [] : [`the token type ${type} is said as OTHER`];
  if (group_id !== undefined) losses.push('the group of the token is not said');
  if (default_profile_type ?? energy_contract) losses.push('what the driver prefers is not said');
  return { wire: { ...wire, type: type === 'RFID' ? 'RFID' : 'OTHER', auth_id: contract_id }, losses };
}
