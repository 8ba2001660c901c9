// The pure core of the ledger, for tools and tests that chain it without a broker.
export { ledgerSeals } from './sealed-streams';
export { type SessionCommand, type SessionState, session, snapshotOf, termsToAsk } from './session/session';
export { type SessionEvent, type SessionFact, sessionCodec, sessionStreamPrefix } from './session/session-events';
