// The wiring of what partners report to us: their sessions and CDRs, and the search in their places.
import type { EventStore } from '@evenkeel/event-store';
import type { Database } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { CommandSender } from '../commands/command-sender';
import type { PlaceTables } from './partner-places';
import { PartnerRecords } from './partner-records';
import { PlaceSearch } from './place-search';
import { ReceivedCdrs } from './received-cdrs';
import { ReceivedSessions } from './received-sessions';

export const receivedProviders: Provider[] = [
  { provide: PlaceSearch, inject: [DATABASE], useFactory: (database: Database<PlaceTables>) => new PlaceSearch(database) },
  { provide: PartnerRecords, inject: [EVENT_STORE], useFactory: (store: EventStore) => new PartnerRecords(store) },
  {
    provide: ReceivedCdrs,
    inject: [PartnerRecords, Bearers],
    useFactory: (records: PartnerRecords, bearers: Bearers) => new ReceivedCdrs(records, bearers),
  },
  {
    provide: ReceivedSessions,
    inject: [PartnerRecords, Bearers, CommandSender],
    useFactory: (records: PartnerRecords, bearers: Bearers, commands: CommandSender) => new ReceivedSessions(records, bearers, commands),
  },
];
