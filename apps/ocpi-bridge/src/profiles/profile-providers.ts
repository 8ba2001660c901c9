// The wiring of charging profiles and preferences.
import type { EventStore } from '@evenkeel/event-store';
import type { Database } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { UrlGuard } from '../client/url-guard';
import { type CommandTables, CommandView } from '../commands/command-view';
import { PartnerSessions } from '../commands/partner-sessions';
import type { DeliveryTables } from '../delivery/delivery-view';
import { Published } from '../delivery/published';
import { PartnerView } from '../partner/partner-view';
import { ActiveProfiles } from './active-profiles';
import { PayersSessions } from './payers-sessions';
import { ProfileDesk } from './profile-desk';
import { ProfileWatch } from './profile-watch';

export const profileProviders: Provider[] = [
  {
    provide: PayersSessions,
    inject: [DATABASE, Published],
    useFactory: (database: Database<DeliveryTables>, published: Published) => new PayersSessions(new PartnerSessions(database), published),
  },
  {
    provide: ProfileDesk,
    inject: [EVENT_STORE, UrlGuard, PayersSessions],
    useFactory: (...parts: ConstructorParameters<typeof ProfileDesk>) => new ProfileDesk(...parts),
  },
  {
    provide: ProfileWatch,
    inject: [EVENT_STORE, DATABASE, PartnerView, PayersSessions],
    useFactory: (store: EventStore, database: Database<CommandTables>, partners: PartnerView, sessions: PayersSessions) =>
      new ProfileWatch(store, new CommandView(database), partners, sessions),
  },
  { provide: ActiveProfiles, inject: [EVENT_STORE], useFactory: (store: EventStore) => new ActiveProfiles(store) },
];
