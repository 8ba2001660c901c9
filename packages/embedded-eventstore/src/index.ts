export { type EmbeddedEventStore, type EmbeddedEventStoreOptions, startEmbeddedEventStore } from './embedded-event-store';
export { StartRefusedError } from './start-refused-error';
