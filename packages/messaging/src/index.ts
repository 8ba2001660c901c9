export * from './broker';
export * from './decorators';
export * from './errors';
export { type FlowObserver, FlowStrategy } from './flow-strategy';
export { findDrift, provision } from './provision';
export { Publisher } from './publisher';
export { Requester } from './requester';
export { TransactionIds } from './transaction-ids';
