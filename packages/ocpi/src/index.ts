// OCPI without I/O: the transport rules that all versions share, and one wire module a version.
export { readAuthorization, writeAuthorization } from './authorization';
export type { CommandObjects } from './command-objects';
export { instantOf, readDateTime, writeDateTime } from './date-time';
export { Envelope, failure, type Outcome, outcomeOf, soleOf, statusOf, success } from './envelope';
export { fingerprintOf } from './fingerprint';
export { ocpiVersions } from './ocpi-versions';
export { nextPage, type PageLimits, type PageQuery, pageHeaders, readPageQuery } from './pagination';
export { patched } from './patch';
export {
  type CdrToCheck,
  type ClaimedCost,
  type ClaimedCostName,
  claimedCosts,
  pricingVersionOf,
  readCdrToCheck,
  readStretch,
  readTariff,
} from './priced-cdr';
export type { ProfileObjects } from './profile-objects';
export { type Routing, readRouting, requestIdHeaders, writeRouting } from './routing';
export { OcpiProblem, type StatusCode, statusCodes } from './status';
export { ROLE_NOT_SAID } from './v211/v211';
export { canonical } from './v230/canonical';
export type { WireCdr } from './v230/cdr';
export type { ChargingPreferences } from './v230/charging-preferences';
export type {
  ActiveChargingProfile,
  ActiveChargingProfileResult,
  ChargingProfile,
  ChargingProfileResponse,
  SetChargingProfile,
} from './v230/charging-profiles';
export type { ClientInfo } from './v230/client-info';
export {
  type CancelReservation,
  COMMAND_TIMEOUT_SECONDS,
  type CommandName,
  type CommandResponse,
  type CommandResult,
  commandNames,
  type ReserveNow,
  type StartSession,
  type StopSession,
  type UnlockConnector,
} from './v230/commands';
export { type Credentials, HUB, type PlatformRole } from './v230/credentials';
export type { WireConnector, WireEvse, WireLocation } from './v230/location';
export type { FinancialAdviceConfirmation, PaymentObjects, Terminal } from './v230/payments';
export type { Bearer, CdrToken, WireSession } from './v230/session';
export type { WireTariff } from './v230/tariff';
export type { AuthorizationInfo, LocationReferences, WireToken } from './v230/token';
export {
  type Background,
  contractOf,
  type OcpiVersion,
  type Surroundings,
  understood,
  type VersionNumber,
  type VersionObject,
  versionNumbers,
  written,
} from './version';
export { counterpart, Endpoint, endpointOf, type InterfaceRole, VersionDetails, VersionList } from './versions';
export { type Expressed, knownFields, type Read, readWire, type WireForms, wireForms } from './wire-schema';
