// The pure core of the ledger, for tools and tests that chain it without a broker.
export { ledgerSeals } from './sealed-streams';
export { type SessionCommand, type SessionState, session } from './session/session';
export { type SessionEvent, type SessionFact, sessionCodec, sessionStreamPrefix } from './session/session-events';
export { SessionPolicies, SessionPolicy } from './session/session-policy';
export { snapshotOf } from './session/snapshot';
export { termsToAsk } from './session/terms-to-ask';
