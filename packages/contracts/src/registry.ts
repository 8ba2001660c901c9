// What the registry knows and answers: stations, locations, tokens, drivers, tariffs, operators; who may charge, where, at what price.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Tariff } from './tariff';
import { DecimalText, Instant, PageRequest, pageOf, Text, TokenKey, TokenReference, TokenType } from './values';

export const OcppVersion = Type.Union([Type.Literal('1.6'), Type.Literal('2.0.1'), Type.Literal('2.1')]);
export type OcppVersion = Static<typeof OcppVersion>;

export const Connector = Type.Object({
  connectorId: Type.Integer({ minimum: 1 }),
  /** OCPI ConnectorType, e.g. IEC_62196_T1_COMBO, CHADEMO, SAE_J3400. */
  standard: Text(40),
  format: Type.Union([Type.Literal('SOCKET'), Type.Literal('CABLE')]),
  powerType: Type.Union([
    Type.Literal('AC_1_PHASE'),
    Type.Literal('AC_2_PHASE'),
    Type.Literal('AC_2_PHASE_SPLIT'),
    Type.Literal('AC_3_PHASE'),
    Type.Literal('DC'),
  ]),
  maxVoltageV: Type.Integer({ minimum: 1 }),
  maxCurrentA: Type.Integer({ minimum: 1 }),
  maxPowerW: Type.Optional(Type.Integer({ minimum: 1 })),
  tariffId: Type.Optional(Text(36)),
});
export type Connector = Static<typeof Connector>;

export const Evse = Type.Object({
  evseId: Type.Integer({ minimum: 1 }),
  /** OCPI EVSE uid (36), unique within the party. */
  uid: Text(36),
  /** eMI3 id shown to drivers, e.g. US*CHG*E1001*1. */
  emi3Id: Type.Optional(Text(48)),
  connectors: Type.Array(Connector, { minItems: 1, maxItems: 8 }),
});
export type Evse = Static<typeof Evse>;

export const RegistrationStatus = Type.Union([Type.Literal('accepted'), Type.Literal('pending'), Type.Literal('rejected')]);

export const SecurityProfile = Type.Integer({ minimum: 0, maximum: 3 });
export const PasswordEncoding = Type.Union([
  Type.Literal('bytes'),
  Type.Literal('hexText'),
  Type.Literal('plain'),
  /** Any of them, until one has worked. */
  Type.Literal('auto'),
]);
export type PasswordEncoding = Static<typeof PasswordEncoding>;

/** How a station proves who it is, beyond its password. */
const stationAccess = {
  /** The higher profile that the station was told to change to: both are let in until it has come with this one. */
  announcedSecurityProfile: Type.Optional(SecurityProfile),
  /** CN of the station's certificate, which is its serial number. */
  expectedSerial: Type.Optional(Text(50)),
  /** Takes the serial number of the first certificate for the expected one, where none is registered. */
  pinSerialOnFirstUse: Type.Optional(Type.Boolean()),
  /** Lets the station in with an expired certificate, as pending, to renew it and for nothing else. */
  renewWhenExpired: Type.Optional(Type.Boolean()),
  /** How the station sends a password that was set in hexadecimal digits (OCPP 1.6 AuthorizationKey). */
  passwordEncoding: Type.Optional(PasswordEncoding),
};

const stationDetails = {
  locationId: Text(36),
  vendor: Type.Optional(Text(50)),
  model: Type.Optional(Text(50)),
  versions: Type.Array(OcppVersion, { minItems: 1 }),
  /** OCPP security profile: 0 no password (legacy), 1 password, 2 password over TLS, 3 client certificate. A connection in another one is refused. */
  securityProfile: SecurityProfile,
  registration: RegistrationStatus,
  evses: Type.Array(Evse, { minItems: 1, maxItems: 64 }),
  /** Refuses each deviation from the schemas, as certification runs expect; otherwise a message is used as far as it can be read. */
  strictInbound: Type.Optional(Type.Boolean()),
  /** What a legacy station speaks that offers no subprotocol at all; without it such a station is refused, because to guess hides mistakes. */
  unnamedVersion: Type.Optional(OcppVersion),
  ...stationAccess,
};

/** A station as it is registered. The password is write-only: the registry keeps a keyed hash of it. */
export const StationRegistration = Type.Object({
  stationId: Type.String({ minLength: 1, maxLength: 48 }),
  party: PartyKey,
  ...stationDetails,
  versions: Type.Optional(stationDetails.versions),
  securityProfile: Type.Optional(stationDetails.securityProfile),
  registration: Type.Optional(stationDetails.registration),
  password: Type.Optional(Type.String({ minLength: 16, maxLength: 64 })),
});
export type StationRegistration = Static<typeof StationRegistration>;

export const StationChange = Type.Partial(Type.Object({ ...stationDetails, password: Type.String({ minLength: 16, maxLength: 64 }) }));
export type StationChange = Static<typeof StationChange>;

export const ConnectorState = Type.Object({
  evseId: Type.Integer(),
  connectorId: Type.Integer(),
  status: Type.String(),
  errorCode: Type.Optional(Type.String()),
  since: Instant,
});

export const Station = Type.Object({
  stationId: Type.String(),
  party: PartyKey,
  ...stationDetails,
  hasPassword: Type.Boolean(),
  /** The highest profile that it has ever connected with: a lower one is refused. */
  securityProfileFloor: Type.Optional(SecurityProfile),
  pinnedSerial: Type.Optional(Type.String()),
  connected: Type.Boolean(),
  connectionChangedAt: Type.Optional(Instant),
  lastBootAt: Type.Optional(Instant),
  firmwareVersion: Type.Optional(Type.String()),
  serialNumber: Type.Optional(Type.String()),
  ocppVersion: Type.Optional(Type.String()),
  connectors: Type.Array(ConnectorState),
});
export type Station = Static<typeof Station>;

export const Location = Type.Object({
  locationId: Text(36),
  party: PartyKey,
  name: Text(255),
  address: Text(45),
  city: Text(45),
  postalCode: Type.Optional(Text(10)),
  state: Type.Optional(Text(20)),
  /** ISO 3166-1 alpha-3, as OCPI Location.country. */
  country: Type.String({ pattern: '^[A-Z]{3}$' }),
  latitude: DecimalText,
  longitude: DecimalText,
  /** IANA name; restrictions of a tariff are read in it. */
  timeZone: Text(255),
});
export type Location = Static<typeof Location>;

export const Currency = Type.String({ pattern: '^[A-Z]{3}$' });
export const PositiveDecimal = Type.String({ pattern: '^\\d+(\\.\\d+)?$', description: 'A decimal that is not negative' });

/** How far one transaction of a token may go (OCPP 2.1 TransactionLimitType). */
export const TransactionLimits = Type.Object({
  maxCost: Type.Optional(PositiveDecimal),
  maxEnergyWh: Type.Optional(PositiveDecimal),
  maxTimeSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type TransactionLimits = Static<typeof TransactionLimits>;

export const Token = Type.Object({
  party: PartyKey,
  uid: Type.String({ minLength: 1, maxLength: 36 }),
  type: TokenType,
  contractId: Text(36),
  visualNumber: Type.Optional(Text(64)),
  issuer: Text(64),
  groupId: Type.Optional(Text(36)),
  valid: Type.Boolean(),
  whitelist: Type.Union([Type.Literal('ALWAYS'), Type.Literal('ALLOWED'), Type.Literal('ALLOWED_OFFLINE'), Type.Literal('NEVER')]),
  driverId: Type.Optional(Type.String({ maxLength: 64 })),
  expiresAt: Type.Optional(Instant),
  /** Charges as long as something is left in its account. */
  prepaid: Type.Optional(Type.Object({ currency: Currency })),
  limits: Type.Optional(TransactionLimits),
  /** Where it may charge, if not everywhere: each list that is present narrows it down. */
  chargesAt: Type.Optional(
    Type.Object({
      locationIds: Type.Optional(Type.Array(Text(36), { minItems: 1, maxItems: 500 })),
      evseUids: Type.Optional(Type.Array(Text(36), { minItems: 1, maxItems: 500 })),
      /** OCPI ConnectorType. */
      connectorStandards: Type.Optional(Type.Array(Text(40), { minItems: 1, maxItems: 20 })),
    }),
  ),
});
export type Token = Static<typeof Token>;
export const TokenRecord = Type.Composite([Token, Type.Object({ lastUpdated: Instant })]);
export type TokenRecord = Static<typeof TokenRecord>;
/** With the key under which sessions and CDRs name the token, so that an operator finds the driver of a session. */
export const KnownToken = Type.Composite([TokenRecord, Type.Object({ key: TokenKey })]);
export type KnownToken = Static<typeof KnownToken>;

/** A token and the party that issued it: uids are unique within a party only (OCPI 2.2.1 mod_tokens). */
export const IssuedToken = Type.Object({ party: PartyKey, key: TokenKey, type: TokenType });
export type IssuedToken = Static<typeof IssuedToken>;

/** Who is behind a reference: needed where a partner is told of a session, and kept nowhere. */
export const ResolvedToken = Type.Union([
  Type.Object({ status: Type.Literal('known'), token: TokenRecord }),
  Type.Object({ status: Type.Literal('erased') }),
  Type.Object({ status: Type.Literal('unknown') }),
]);
export type ResolvedToken = Static<typeof ResolvedToken>;

export const Driver = Type.Object({
  driverId: Type.String({ minLength: 1, maxLength: 64 }),
  party: PartyKey,
  name: Text(120),
  email: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^@\\s]+@[^@\\s]+$' })),
  language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$' })),
});
export type Driver = Static<typeof Driver>;

/** `partnersNotTold`: those who could not be reached while it could still be said which tokens are void. They learn it when they ask. */
const erasure = { partnersNotTold: Type.Array(Type.String()) };
export const DriverErasure = Type.Object({ driverId: Type.String(), ...erasure });
export type DriverErasure = Static<typeof DriverErasure>;
export const TokenErasure = Type.Object({ ...IssuedToken.properties, ...erasure });
export type TokenErasure = Static<typeof TokenErasure>;

/** Where a session happens, as it was when it started: a CDR snapshots it (OCPI 2.2.1 mod_cdrs CdrLocation). */
export const ChargingPlace = Type.Composite([
  Type.Omit(Location, ['party']),
  Type.Object({
    evseUid: Text(36),
    evseEmi3Id: Type.Optional(Text(48)),
    connectorId: Text(36),
    connectorStandard: Text(40),
    connectorFormat: Text(10),
    connectorPowerType: Text(20),
    connectorMaxPowerW: Type.Optional(Type.Integer()),
  }),
]);
export type ChargingPlace = Static<typeof ChargingPlace>;

export const TokenVerdict = Type.Union([
  Type.Literal('Accepted'),
  Type.Literal('Blocked'),
  Type.Literal('Expired'),
  Type.Literal('Invalid'),
  Type.Literal('NoCredit'),
  /** Good elsewhere. */
  Type.Literal('NotAtThisLocation'),
  Type.Literal('NotAllowedTypeEVSE'),
  /** It charges elsewhere already, and may do so once at a time. */
  Type.Literal('ConcurrentTx'),
]);
export type TokenVerdict = Static<typeof TokenVerdict>;

/** Who pays and how it was decided. `party` is the party that issued the token: the operator's own or a roaming partner's. */
export const Payer = Type.Object({
  ...IssuedToken.properties,
  verdict: TokenVerdict,
  authMethod: Type.Union([Type.Literal('AUTH_REQUEST'), Type.Literal('COMMAND'), Type.Literal('WHITELIST')]),
  authorizationReference: Type.Optional(Type.String({ maxLength: 36 })),
  /** How far the session may go. */
  limits: Type.Optional(TransactionLimits),
});
export type Payer = Static<typeof Payer>;

/**
 * What was agreed when the session started: place, price, payer. The ledger freezes it in the session's stream, because the price at the
 * start of a session cannot change during it (23 CFR 680.116(a); OCPI 2.2.1 mod_tariffs).
 */
export const ChargingTerms = Type.Object({
  agreedFor: Instant,
  /** The token that the question named, whether or not it is known and may pay. */
  token: Type.Optional(TokenReference),
  place: ChargingPlace,
  tariff: Tariff,
  payer: Type.Optional(Payer),
});
export type ChargingTerms = Static<typeof ChargingTerms>;

export const ChargingTermsRequest = Type.Object({
  party: PartyKey,
  stationId: Type.String(),
  /** Absent when the station never said; a station with a single EVSE leaves no doubt. */
  evseId: Type.Optional(Type.Integer()),
  connectorId: Type.Optional(Type.Integer()),
  token: Type.Optional(TokenReference),
  at: Instant,
});
export type ChargingTermsRequest = Static<typeof ChargingTermsRequest>;

/** A client certificate as the gateway saw and judged it. */
export const PresentedCertificate = Type.Object({
  commonName: Type.Optional(Type.String()),
  organization: Type.Optional(Type.String()),
  /** Hexadecimal digits. */
  serialNumber: Type.String(),
  /** SHA-256, hexadecimal digits. */
  fingerprint: Type.String(),
  notBefore: Instant,
  notAfter: Instant,
  chain: Type.Union([
    Type.Literal('valid'),
    Type.Literal('expired'),
    Type.Literal('not-yet-valid'),
    Type.Literal('untrusted'),
    Type.Literal('unfit'),
  ]),
  /** SHA-256 of the root that it leads to. */
  root: Type.Optional(Type.String()),
  /** `unchecked`: no responder that we may ask is named, or none has answered. */
  revocation: Type.Union([Type.Literal('good'), Type.Literal('revoked'), Type.Literal('unknown'), Type.Literal('unchecked')]),
});
export type PresentedCertificate = Static<typeof PresentedCertificate>;

export const AdmitStationRequest = Type.Object({
  /** Decoded once from the URL, spelled as the station spelled it. */
  identity: Type.String({ minLength: 1, maxLength: 48 }),
  /** Raw password bytes, base64; absent when the station sent no Authorization header. */
  password: Type.Optional(Type.String()),
  remoteAddress: Type.Optional(Type.String()),
  /** Absent: plain. */
  transport: Type.Optional(Type.Union([Type.Literal('plain'), Type.Literal('tls')])),
  certificate: Type.Optional(PresentedCertificate),
  /** This connection was let in before, and goes on whatever has become of its credentials: only its registration is asked. */
  connected: Type.Optional(Type.Literal(true)),
});
export type AdmitStationRequest = Static<typeof AdmitStationRequest>;
export const StationAdmission = Type.Union([
  Type.Object({
    admitted: Type.Literal(false),
    reason: Type.Union([
      Type.Literal('unknown-station'),
      Type.Literal('wrong-credentials'),
      Type.Literal('wrong-profile'),
      Type.Literal('bad-certificate'),
    ]),
  }),
  Type.Object({
    admitted: Type.Literal(true),
    party: PartyKey,
    /** The registered spelling. */
    stationId: Type.String(),
    versions: Type.Array(OcppVersion),
    registration: RegistrationStatus,
    /** Whether this station has ever been accepted after a BootNotification: a reconnect is not a boot. */
    booted: Type.Boolean(),
    /** Whether each deviation from the schemas is refused, as certification runs expect. */
    strictInbound: Type.Optional(Type.Boolean()),
    /** What it speaks when it offers no subprotocol at all. */
    unnamedVersion: Type.Optional(OcppVersion),
    /** The profile of this connection. */
    securityProfile: Type.Optional(SecurityProfile),
    /** Of profile 3: the serial number that a BootNotification must name too (OCPP 2.0.1 B01.FR.11, B01.FR.12). */
    certificateSerial: Type.Optional(Type.String()),
    /** Why it is pending although it is registered as accepted: nothing but the renewal of its certificate is allowed. */
    pendingReason: Type.Optional(Type.Literal('certificate-expired')),
    /** What it said of itself when it booted last; without it, it is known from its next boot on. */
    make: Type.Optional(Type.Object({ vendor: Type.String(), model: Type.String(), firmwareVersion: Type.Optional(Type.String()) })),
  }),
]);
export type StationAdmission = Static<typeof StationAdmission>;

export const SecurityReason = Text(500);

export const Role = Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('admin')]);
export type Role = Static<typeof Role>;
export const Operator = Type.Object({ username: Type.String(), role: Role });
export type Operator = Static<typeof Operator>;

/** Who asked for a write: kept in the metadata of every event that follows from it. */
export const Actor = Type.Object({ operator: Type.String({ minLength: 1 }) });
export type Actor = Static<typeof Actor>;

export const StationQuery = Type.Object({
  ...PageRequest,
  connected: Type.Optional(Type.Boolean()),
  locationId: Type.Optional(Type.String()),
});
export const StationPage = pageOf(Station);
export const TokenPage = pageOf(KnownToken);
export const DriverPage = pageOf(Driver);
export const LocationPage = pageOf(Location);
export const TariffPage = pageOf(Tariff);

/** A token of ours came into being or changed; partners that roam with us are told what it is when they are told. */
export const TokenChanged = Type.Object({ token: IssuedToken, lastUpdated: Instant });
export type TokenChanged = Static<typeof TokenChanged>;

/** A partner's token as we read it, and as the partner sent it, which is what the partner sees again. */
export const PartnerToken = Type.Object({ token: TokenRecord, asSent: Type.Unknown() });
export type PartnerToken = Static<typeof PartnerToken>;
