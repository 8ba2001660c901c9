// What the flow test chains: the pure mappers from a station's messages to facts.
export type { FactOrigin } from './facts/fact-origin';
export * as from16 from './facts/from-v16';
export * as from201 from './facts/from-v201';
