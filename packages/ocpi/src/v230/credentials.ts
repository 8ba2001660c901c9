// Credentials (OCPI 2.3.0 mod_credentials, Credentials object): who a platform is and the token to speak to it with.
import { type PartyKey, partyKey } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { ciString, openEnum, ownedBy, owner, strictOf, text, url } from '../wire-schema';

export const Credentials = Type.Object({
  token: ciString(64),
  url,
  roles: Type.Array(
    Type.Object({
      role: openEnum('CPO', 'EMSP', 'NAP', 'NSP', 'OTHER', 'PTP', 'SCSP'),
      business_details: Type.Object({ name: text(100) }),
      ...owner,
    }),
    { minItems: 1 },
  ),
  /** Of a platform that is a hub. */
  hub_party_id: Type.Optional(ciString(5)),
});
export type Credentials = Static<typeof Credentials>;
export const StrictCredentials = strictOf(Credentials);

export interface PlatformRole {
  role: string;
  party: PartyKey;
  name: string;
}

export function toCredentials(token: string, versionsUrl: string, roles: readonly PlatformRole[]): Credentials {
  return {
    token,
    url: versionsUrl,
    roles: roles.map(({ role, party, name }) => {
      return { role, business_details: { name }, ...ownedBy(party) };
    }),
  };
}

export function rolesOf({ roles }: Credentials): PlatformRole[] {
  return roles.map((role) => ({
    role: role.role,
    party: partyKey(role.country_code, role.party_id),
    name: role.business_details.name,
  }));
}
