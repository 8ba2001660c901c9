// The registry's settings.
import { PartyKey } from '@evenkeel/contracts';
import { commonSettings, databaseSettings, eventStoreSettings, identitySettings, sealSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const RegistrySettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...identitySettings,
  ...sealSettings,
  /** The operator's own party; tokens of other parties are roaming partners'. */
  PARTY: PartyKey,
  /** Key of the hashes under which station passwords are kept; at least 32 bytes, hexadecimal. */
  STATION_KEY_SECRET: Type.String({ pattern: '^([0-9a-f]{2}){32,}$' }),
  /** Wraps the keys of persons; 32 bytes, hexadecimal. With it lost, nobody who is registered can be read any more. */
  IDENTITY_MASTER_KEY: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Group of the cards of fire services and staff: they stop any transaction and start none (OCPP 2.0.1 MasterPassGroupId). */
  MASTER_PASS_GROUP: Type.Optional(Type.String({ minLength: 1, maxLength: 36 })),
  /** Whether a token that charges somewhere may start elsewhere. */
  CONCURRENT_TX: Type.Union([Type.Literal('allow'), Type.Literal('refuse')], { default: 'allow' }),
  /** PEM file of the roots of contract certificates. Without it no chain that a car shows is trusted. */
  CONTRACT_ROOTS_FILE: Type.Optional(Type.String()),
  /** Where contract certificates for cars are asked for (ISO 15118), with its bearer token; absent: every such request fails. */
  CONTRACT_SERVICE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  CONTRACT_SERVICE_TOKEN: Type.Optional(Type.String()),
  /** A network file to import before serving; what it holds already is left alone. */
  NETWORK_FILE: Type.Optional(Type.String()),
  /** Folder of the embedded certificate authority. Without it and without CA_URL no certificates are signed. */
  CA_FOLDER: Type.Optional(Type.String({ minLength: 1 })),
  /** A company's own certificate authority (README of @evenkeel/pki), and the token that it asks for. */
  CA_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  CA_TOKEN: Type.Optional(Type.String({ minLength: 1 })),
  /** O of stations' certificates: others are refused. Absent: any, and the embedded authority calls itself Evenkeel. */
  CERTIFICATE_ORGANIZATION: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** Refuses certificates that no responder could be asked about. */
  REVOCATION_REQUIRED: Type.Boolean({ default: false }),
  /** Certificates that expire within so many days are reported. */
  CERTIFICATE_WARNING_DAYS: Type.Integer({ default: 30, minimum: 1 }),
  /** Origins of the OCSP responders that stations may have asked, separated by commas. */
  OCSP_RESPONDERS: Type.String({ default: '' }),
  /** PEM file of the authorities whose answers are checked for GetCertificateChainStatus. */
  OCSP_ISSUERS_FILE: Type.Optional(Type.String()),
  /** How often what waits to be signed or delivered is tried again. */
  CERTIFICATE_LOOK_MS: Type.Integer({ default: 30_000, minimum: 100 }),
  /** How often some of the stations whose inventory is due are asked for it: the pace of a new fleet. */
  INVENTORY_LOOK_MS: Type.Integer({ default: 1_000, minimum: 50 }),
  /** What stations tell about customers is kept for so many days. */
  CUSTOMER_INFORMATION_DAYS: Type.Integer({ default: 30, minimum: 1 }),
  /** How often it is looked what is to be done at many stations: local lists, firmware campaigns. */
  FLEET_LOOK_MS: Type.Integer({ default: 5_000, minimum: 100 }),
});
export type RegistrySettings = Static<typeof RegistrySettings>;
