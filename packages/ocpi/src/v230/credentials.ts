// Credentials (OCPI 2.3.0 mod_credentials, Credentials object): who a platform is and the token to speak to it with.
import { type PartyKey, partyKey } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { ciString, openEnum, ownedBy, owner, strictOf, text, url } from '../wire-schema';

export const platformRoles = ['CPO', 'EMSP', 'NAP', 'NSP', 'OTHER', 'PTP', 'SCSP'] as const;

export const Credentials = Type.Object({
  token: ciString(64),
  url,
  roles: Type.Array(
    Type.Object({
      role: openEnum(...platformRoles),
      business_details: Type.Object({ name: text(100) }),
      ...owner,
    }),
    { minItems: 1 },
  ),
  /** Of a platform that is a hub: country and party in one. */
  hub_party_id: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2}[A-Za-z0-9]{3}$', strictly: { pattern: '^[A-Z]{2}[A-Z0-9]{3}$' } })),
});
export type Credentials = Static<typeof Credentials>;
export const StrictCredentials = strictOf(Credentials);

/** The role of a hub, which OCPI 2.3.0 has no word for. */
export const HUB = 'HUB';

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

/** With the hub that it is as one of them, as OCPI 2.2.1 has it; the others of a hub are the parties behind it. */
export function rolesOf({ roles, hub_party_id }: Credentials): PlatformRole[] {
  const named = roles.map((role) => ({
    role: role.role,
    party: partyKey(role.country_code, role.party_id),
    name: role.business_details.name,
  }));
  if (hub_party_id === undefined || named.some(({ role }) => role === HUB)) return named;
  const party = partyKey(hub_party_id.slice(0, 2), hub_party_id.slice(2));
  return [...named, { role: HUB, party, name: party }];
}
