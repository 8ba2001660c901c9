export * from './broker';
export * from './decorators';
export * from './errors';
export { type FlowObserver, FlowStrategy } from './flow-strategy';
export { findDrift, provision } from './provision';
export { Publisher } from './publisher';
export { Requester } from './requester';
export { type ClaimNotice, type StationClaim, StationClaims } from './station-claims';
export { TransactionIds } from './transaction-ids';
