// What is asked and answered about a token: may it charge here, and what is left of what was paid for it.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Currency, IssuedToken, PositiveDecimal, TokenRecord, TokenVerdict, TransactionLimits } from './registry';
import { DecimalText, Instant, PresentedToken, Text } from './values';

/** What is left of what was paid for a token beforehand. Below zero after an offline charge. */
export const TokenAccount = Type.Object({ ...IssuedToken.properties, balance: DecimalText, currency: Currency });
export type TokenAccount = Static<typeof TokenAccount>;
export const NewBalance = Type.Object({ balance: PositiveDecimal, currency: Currency, reason: Text(500) });
/** The same reference is one payment, however often it is told. */
export const TopUp = Type.Object({ amount: PositiveDecimal, currency: Currency, reference: Text(64) });

export const ContractCertificates = Type.Object({
  certificate: Type.Optional(Type.String({ maxLength: 10_000 })),
  hashes: Type.Optional(
    Type.Array(
      Type.Object({
        hashAlgorithm: Type.Union([Type.Literal('SHA256'), Type.Literal('SHA384'), Type.Literal('SHA512')]),
        issuerNameHash: Type.String({ maxLength: 128 }),
        issuerKeyHash: Type.String({ maxLength: 128 }),
        serialNumber: Type.String({ maxLength: 40 }),
        responderURL: Type.String({ maxLength: 2000 }),
      }),
      { maxItems: 4 },
    ),
  ),
});
export type ContractCertificates = Static<typeof ContractCertificates>;

/** OCPP AuthorizeCertificateStatusEnumType, as far as we tell them apart. */
export const ContractStatus = Type.Union([
  Type.Literal('Accepted'),
  Type.Literal('CertificateExpired'),
  Type.Literal('CertificateRevoked'),
  Type.Literal('CertChainError'),
  Type.Literal('ContractCancelled'),
]);
export type ContractStatus = Static<typeof ContractStatus>;

export const AuthorizeTokenRequest = Type.Object({
  /** The party at whose charger the token is shown; absent when a partner asks about one of ours. */
  party: Type.Optional(PartyKey),
  stationId: Type.Optional(Type.String()),
  evseId: Type.Optional(Type.Integer()),
  /** A 2.x token of another party names its issuer; with 1.6 only the uid is known. */
  token: PresentedToken,
  /** `authorize` where absent: nothing has begun. Whoever only stops needs neither credit nor the right to charge there. */
  purpose: Type.Optional(Type.Union([Type.Literal('authorize'), Type.Literal('start'), Type.Literal('stop')])),
  /** Of the car: PEM, and what a responder can be asked about each certificate of the chain (OCPP 2.0.1 C07). */
  contract: Type.Optional(ContractCertificates),
});
export type AuthorizeTokenRequest = Static<typeof AuthorizeTokenRequest>;

/**
 * A token that its issuer has had used by a command: it is not judged, and the issuer's reference goes into the session and its CDR (OCPI 2.2.1
 * mod_commands, START_SESSION and RESERVE_NOW).
 */
export const CommandAuthorization = Type.Object({
  issuer: PartyKey,
  token: PresentedToken,
  authorizationReference: Type.Optional(Text(36)),
});
export type CommandAuthorization = Static<typeof CommandAuthorization>;

export const TokenAuthorization = Type.Object({
  verdict: TokenVerdict,
  groupId: Type.Optional(Type.String()),
  expiresAt: Type.Optional(Instant),
  /** The token as known; absent for an unknown one. */
  token: Type.Optional(TokenRecord),
  authorizationReference: Type.Optional(Type.String()),
  /** How it was decided that it may: absent where what is known of the token was enough. */
  authMethod: Type.Optional(Type.Union([Type.Literal('AUTH_REQUEST'), Type.Literal('COMMAND')])),
  /** The station must not rely on the answer later: what is left may be gone by then. */
  uncached: Type.Optional(Type.Literal(true)),
  limits: Type.Optional(TransactionLimits),
  /** The EVSEs of the station at which it may charge; absent for all of them. */
  evseIds: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 })),
  /** Only where certificates came with the question. */
  contractStatus: Type.Optional(ContractStatus),
  /** For a station that calculates by itself: a TariffType of OCPP 2.1. */
  stationTariff: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type TokenAuthorization = Static<typeof TokenAuthorization>;
