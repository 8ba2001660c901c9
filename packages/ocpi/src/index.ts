// OCPI without I/O: the transport rules that all versions share, and one wire module a version.
export { readAuthorization, writeAuthorization } from './authorization';
export { instantOf, readDateTime, writeDateTime } from './date-time';
export { type Envelope, failure, type Outcome, outcomeOf, success } from './envelope';
export { fingerprintOf } from './fingerprint';
export { nextPage, type PageLimits, type PageQuery, pageHeaders, readPageQuery } from './pagination';
export { patched } from './patch';
export {
  type CdrToCheck,
  type ClaimedCost,
  type ClaimedCostName,
  claimedCosts,
  type PricingVersion,
  pricingVersionOf,
  pricingVersions,
  readCdrToCheck,
  readStretch,
  readTariff,
} from './priced-cdr';
export { type Routing, readRouting, requestIdHeaders, writeRouting } from './routing';
export { OcpiProblem, type StatusCode, statusCodes } from './status';
export type { WireCdr } from './v221/cdr';
export type { Credentials, PlatformRole } from './v221/credentials';
export type { WireConnector, WireEvse, WireLocation } from './v221/location';
export type { Bearer, CdrToken, WireSession } from './v221/session';
export type { WireTariff } from './v221/tariff';
export type { AuthorizationInfo, LocationReferences, WireToken } from './v221/token';
export { v221 } from './v221/wire';
export { counterpart, Endpoint, endpointOf, type InterfaceRole, VersionDetails, VersionList } from './versions';
export { type Expressed, knownFields, type Read, readWire } from './wire-schema';
