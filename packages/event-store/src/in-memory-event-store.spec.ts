import { eventStoreContract } from './event-store.contract';
import { InMemoryEventStore } from './in-memory-event-store';

describe('the in-memory event store', () => eventStoreContract(() => new InMemoryEventStore()));
