// The shape of an operation that an operator can want of a station, and the parameters that several operations share.
import { type TObject, Type } from '@sinclair/typebox';

export interface StationOperation {
  readonly summary: string;
  readonly parameters: TObject;
  readonly example: unknown;
}

export function operation<P extends TObject['properties']>(summary: string, parameters: P, example: unknown) {
  return { summary, parameters: Type.Object(parameters, { additionalProperties: false }), example };
}

export const EvseId = Type.Integer({ minimum: 1, description: 'In OCPP 1.6 the connector' });
export const evse = { evseId: EvseId };
export const optionalEvse = { evseId: Type.Optional(EvseId) };
export const connector = { ...evse, connectorId: Type.Optional(Type.Integer({ minimum: 1, description: '1 where absent' })) };
export const Location = Type.String({ minLength: 1, maxLength: 2000, description: 'URL from which, or to which, the station transfers' });
export const TransactionId = Type.String({ minLength: 1, maxLength: 36 });
export const Variable = Type.Object({
  component: Type.String({ minLength: 1, maxLength: 50 }),
  variable: Type.String({ minLength: 1, maxLength: 50, description: 'In OCPP 1.6 the configuration key' }),
  componentInstance: Type.Optional(Type.String({ maxLength: 50 })),
  variableInstance: Type.Optional(Type.String({ maxLength: 50 })),
  ...optionalEvse,
  connectorId: Type.Optional(Type.Integer({ minimum: 1 })),
});
export const CertificateUse = Type.Union([
  Type.Literal('CSMSRootCertificate'),
  Type.Literal('ManufacturerRootCertificate'),
  Type.Literal('V2GRootCertificate'),
  Type.Literal('MORootCertificate'),
  Type.Literal('OEMRootCertificate'),
]);
export const HashData = Type.Object({
  hashAlgorithm: Type.Union([Type.Literal('SHA256'), Type.Literal('SHA384'), Type.Literal('SHA512')]),
  issuerNameHash: Type.String({ maxLength: 128 }),
  issuerKeyHash: Type.String({ maxLength: 128 }),
  serialNumber: Type.String({ maxLength: 40 }),
});
export const PowerLimit = Type.Object({
  limit: Type.Number({ minimum: 0, description: 'One decimal at most' }),
  unit: Type.Union([Type.Literal('W'), Type.Literal('A')]),
});
