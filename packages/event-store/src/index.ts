export { hashOf, idOfHash } from './chain';
export * from './codec';
export * from './event-store';
export { EventStoreDb } from './event-store-db';
export { InMemoryEventStore } from './in-memory-event-store';
export * from './relay';
export * from './seal';
export * from './sealer';
export * from './stream-handler';
