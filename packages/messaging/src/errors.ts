// The kinds of failure a handler may throw, and with that the fate of the message: an operational error is retried, an unreadable message
// is parked at once, anything else is our own bug and is parked after a few attempts.

/** Broker, store or partner is silent: the message comes again, with growing pauses. */
export class OperationalError extends Error {
  override readonly name: string = 'OperationalError';
}

/** The broker did not confirm. Nothing is known about the outcome; repeat with the same message id. */
export class BrokerUnavailable extends OperationalError {
  override readonly name = 'BrokerUnavailable';
}

/** No version of this program can read the message: it is parked with its reason, and the stream moves on. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** What a running broker holds differs from what the flow declares. The service must not start on it. */
export class BrokerDrift extends Error {
  override readonly name = 'BrokerDrift';
}
