// The wiring of what hubs say of the parties behind them.
import type { Database } from '@evenkeel/read-model';
import { DATABASE, LOG } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { DeliveryCare } from '../delivery/delivery-care';
import { Platform } from '../platform';
import { PullBook, type PullTables } from '../pull/pull-book';
import { ClientDesk } from './client-desk';
import { HubClients, type HubTables } from './hub-clients';

export const hubProviders: Provider[] = [
  { provide: HubClients, inject: [DATABASE], useFactory: (database: Database<HubTables>) => new HubClients(database) },
  {
    provide: PullBook,
    inject: [DATABASE, Platform],
    useFactory: (database: Database<PullTables>, { role }: Platform) => new PullBook(database, role),
  },
  {
    provide: ClientDesk,
    inject: [HubClients, DeliveryCare, PullBook, LOG],
    useFactory: (...parts: ConstructorParameters<typeof ClientDesk>) => new ClientDesk(...parts),
  },
];
