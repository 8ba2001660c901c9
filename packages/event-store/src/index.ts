export * from './codec';
export * from './event-store';
export { EventStoreDb } from './event-store-db';
export { InMemoryEventStore } from './in-memory-event-store';
export * from './relay';
export * from './stream-handler';
