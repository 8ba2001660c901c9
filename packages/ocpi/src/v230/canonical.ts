// What we have to say, in the words of the newest version: every other version is translated from and to it, and everything that partners
// send is kept in it.

import { WireCdr } from './cdr';
import { fromPreferences, toPreferences } from './charging-preferences';
import { fromActiveProfile, fromProfile, toActiveProfile, toProfile } from './charging-profiles';
import { Credentials, rolesOf, StrictCredentials, toCredentials } from './credentials';
import { fromOcpiCdr } from './from-ocpi-cdr';
import { connectorOf, evseOf, toLocation, WireConnector, WireEvse, WireLocation, withConnector, withEvse } from './location';
import { FinancialAdviceConfirmation, fromConfirmation, fromTerminal } from './payments';
import { toCdrToken, toSession, WireSession } from './session';
import { fromTariff, toTariff, WireTariff } from './tariff';
import { toOcpiCdr } from './to-ocpi-cdr';
import { AuthorizationInfo, fromAllowed, fromToken, LocationReferences, toAllowed, tokenTypeOf, toToken, WireToken } from './token';

export const canonical = {
  credentials: { schema: Credentials, strict: StrictCredentials, write: toCredentials, rolesOf },
  location: {
    schema: WireLocation,
    evseSchema: WireEvse,
    connectorSchema: WireConnector,
    write: toLocation,
    withEvse,
    withConnector,
    evseOf,
    connectorOf,
  },
  tariff: { schema: WireTariff, write: toTariff, read: fromTariff },
  token: { schema: WireToken, write: toToken, read: fromToken, typeOf: tokenTypeOf },
  authorization: { schema: AuthorizationInfo, places: LocationReferences, write: toAllowed, read: fromAllowed },
  session: { schema: WireSession, write: toSession, tokenOf: toCdrToken },
  profile: { write: toProfile, read: fromProfile },
  activeProfile: { write: toActiveProfile, read: fromActiveProfile },
  preferences: { write: toPreferences, read: fromPreferences },
  terminal: { read: fromTerminal },
  financialAdvice: { schema: FinancialAdviceConfirmation, read: fromConfirmation },
  cdr: { schema: WireCdr, write: toOcpiCdr, read: fromOcpiCdr },
} as const;
