// The wiring of payment terminals and financial advice confirmations.
import type { EventStore } from '@evenkeel/event-store';
import type { Database } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, LOG, type Log } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { PartnerClient } from '../client/partner-client';
import { Published } from '../delivery/published';
import { PartnerView } from '../partner/partner-view';
import { TokenVault } from '../partner/token-vault';
import { Platform } from '../platform';
import { PaymentDesk } from './payment-desk';
import { PaymentObjects, type PaymentTables } from './payment-objects';
import { TerminalTeller } from './terminal-teller';

export const paymentProviders: Provider[] = [
  { provide: PaymentObjects, inject: [DATABASE], useFactory: (database: Database<PaymentTables>) => new PaymentObjects(database) },
  {
    provide: PaymentDesk,
    inject: [EVENT_STORE, PaymentObjects, Bearers],
    useFactory: (store: EventStore, objects: PaymentObjects, bearers: Bearers) => new PaymentDesk(store, objects, bearers),
  },
  {
    provide: TerminalTeller,
    inject: [Platform, PartnerView, Published, PaymentObjects, PartnerClient, TokenVault, LOG],
    useFactory: (
      platform: Platform,
      partners: PartnerView,
      published: Published,
      objects: PaymentObjects,
      client: PartnerClient,
      vault: TokenVault,
      log: Log,
    ) => new TerminalTeller({ platform, partners, published, objects, client, vault, log }),
  },
];
