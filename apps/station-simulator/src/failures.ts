// What can go wrong between a station and its back end, each as its own class, so that a script can tell a refusal from an outage.

/** The back end answered the WebSocket upgrade with an HTTP status. */
export class HandshakeRefused extends Error {
  constructor(readonly status: number) {
    super(`The back end refused the connection with HTTP ${status}.`);
  }
}

/** The back end answered a CALL with CALLERROR. */
export class CallRefused extends Error {
  constructor(
    readonly action: string,
    readonly code: string,
    description: string,
  ) {
    super(`${action} was answered with ${code}: ${description}`);
  }
}

export class CallTimedOut extends Error {
  constructor(action: string) {
    super(`${action} was not answered in time.`);
  }
}

/** The socket closed while a CALL was waiting for its answer; whether it took effect is unknown. */
export class ConnectionLost extends Error {
  constructor(action: string) {
    super(`The connection was lost while ${action} was unanswered.`);
  }
}

/** The simulated station was closed by its owner. */
export class StationClosed extends Error {
  constructor() {
    super('The station is closed.');
  }
}

export class TokenRefused extends Error {
  constructor(
    readonly token: string,
    readonly verdict: string,
  ) {
    super(`The token ${token} was refused: ${verdict}.`);
  }
}

export class ConnectorBusy extends Error {
  constructor(connectorId: number) {
    super(`Connector ${connectorId} does not exist or has a session already.`);
  }
}

/** The back end's answer to a CALL is not what the version's schema allows, or a script said to treat it so. */
export class AnswerUnusable extends Error {
  constructor(readonly action: string) {
    super(`The answer to ${action} cannot be used.`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
