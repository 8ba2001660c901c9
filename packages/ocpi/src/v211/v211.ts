// OCPI 2.1.1: one party a platform, no routing, no owner in any object.
import { type Static, Type } from '@sinclair/typebox';
import { Credentials } from '../v230/credentials';
import { LocationReferences } from '../v230/token';
import { type OcpiVersion, translated, unchanged } from '../version';
import { ciString, owner, text } from '../wire-schema';
import { cdr, session } from './cdr';
import { commands } from './commands';
import { connector, evse, location } from './location';
import { tariff } from './tariff';
import { authorization, token } from './token';

const Credentials211 = Type.Object({
  ...{ token: Credentials.properties.token, url: Credentials.properties.url },
  business_details: Type.Object({ name: text(100) }),
  ...owner,
});

/** Its role is not said: it is the counterpart of ours, and whoever reads the credentials puts it in. */
export const ROLE_NOT_SAID = 'OTHER';

export const v211: OcpiVersion = {
  number: '2.1.1',
  credentials: translated(
    Credentials211,
    ({ token, url, ...party }): Static<typeof Credentials> => ({ token, url, roles: [{ role: ROLE_NOT_SAID, ...party }] }),
    ({ token, url, roles }) => {
      const [party, ...more] = roles;
      if (party === undefined || more.some((other) => other.party_id !== party.party_id || other.country_code !== party.country_code)) {
        return { reason: 'a platform has exactly one party in this version' };
      }
      const { business_details, country_code, party_id } = party;
      return { wire: { token, url, business_details, country_code, party_id }, losses: [] };
    },
  ),
  location,
  evse,
  connector,
  tariff,
  session,
  cdr,
  token,
  authorization,
  places: unchanged(Type.Object({ ...LocationReferences.properties, connector_ids: Type.Optional(Type.Array(ciString(36))) })),
  commands,
};
