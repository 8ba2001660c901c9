// OCPI status codes and the HTTP status each situation travels with (OCPI 2.2.1 status_codes and transport_and_format). The two layers
// are easily mixed up: a request that arrived and was understood is HTTP 200 even where its content is refused.

export const statusCodes = {
  success: 1000,
  clientError: 2000,
  invalidParameters: 2001,
  notEnoughInformation: 2002,
  unknownLocation: 2003,
  unknownToken: 2004,
  serverError: 3000,
  unableToUsePartnersApi: 3001,
  unsupportedVersion: 3002,
  noMutualEndpoints: 3003,
  /** Of a hub, about the party behind it that was meant (OCPI 2.2.1 status_codes, 4xxx). */
  hubError: 4000,
  unknownReceiver: 4001,
  timeoutBehindHub: 4002,
  notConnected: 4003,
} as const;
export type StatusCode = (typeof statusCodes)[keyof typeof statusCodes];

/** A refusal, as both layers carry it. */
export class OcpiProblem extends Error {
  override readonly name = 'OcpiProblem';

  constructor(
    readonly httpStatus: number,
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }

  static unauthorized(): OcpiProblem {
    return new OcpiProblem(401, statusCodes.clientError, 'the authorization token is missing or unknown');
  }

  /** A method that the interface does not have, or that the state of the handshake forbids (OCPI 2.2.1 mod_credentials). */
  static notAllowed(message: string): OcpiProblem {
    return new OcpiProblem(405, statusCodes.clientError, message);
  }

  /** The object is not here, or its owner is not a party of the partner. */
  static missing(message: string, statusCode: StatusCode = statusCodes.unknownLocation): OcpiProblem {
    return new OcpiProblem(404, statusCode, message);
  }

  static invalid(message: string, statusCode: StatusCode = statusCodes.invalidParameters): OcpiProblem {
    return new OcpiProblem(200, statusCode, message);
  }

  static failed(message: string, statusCode: StatusCode = statusCodes.serverError): OcpiProblem {
    return new OcpiProblem(200, statusCode, message);
  }
}
