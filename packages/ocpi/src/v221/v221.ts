// OCPI 2.2.1.
import { type Static, Type } from '@sinclair/typebox';
import { profileObjects } from '../profile-objects';
import { Credentials } from '../v230/credentials';
import { WireConnector, WireEvse } from '../v230/location';
import { LocationReferences } from '../v230/token';
import { type OcpiVersion, translated, unchanged } from '../version';
import { openEnum, owner, text } from '../wire-schema';
import { cdr, session } from './cdr';
import { clientInfo, roles221 } from './client-info';
import { commands } from './commands';
import { location } from './location';
import { tariff } from './tariff';
import { authorization, token } from './token';

const { hub_party_id: _hub, ...credentials } = Credentials.properties;
const Credentials221 = Type.Object({
  ...credentials,
  roles: Type.Array(
    Type.Object({
      role: openEnum(...roles221),
      business_details: Type.Object({ name: text(100) }),
      ...owner,
    }),
    { minItems: 1 },
  ),
});

export const v221: OcpiVersion = {
  number: '2.2.1',
  credentials: translated(
    Credentials221,
    (wire) => wire,
    ({ hub_party_id: _, ...wire }: Static<typeof Credentials>) => ({ wire, losses: [] }),
  ),
  location,
  evse: unchanged(WireEvse),
  connector: unchanged(WireConnector),
  tariff,
  session,
  cdr,
  token,
  authorization,
  clientInfo,
  places: unchanged(LocationReferences),
  commands,
  profiles: profileObjects,
};
