// The wiring of commands: those that partners give us and those that we give them.
import type { EventStore } from '@evenkeel/event-store';
import { Requester } from '@evenkeel/messaging';
import type { Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, LOG, type Log, Metrics } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { PartnerClient } from '../client/partner-client';
import { UrlGuard } from '../client/url-guard';
import type { DeliveryTables } from '../delivery/delivery-view';
import { Published } from '../delivery/published';
import { Lease } from '../lease';
import { PartnerView } from '../partner/partner-view';
import { TokenVault } from '../partner/token-vault';
import { Platform } from '../platform';
import { ReceivedTokens } from '../received/received-tokens';
import { CommandDesk } from './command-desk';
import { CommandPlaces } from './command-place';
import { CommandSender } from './command-sender';
import { type CommandTables, CommandView } from './command-view';
import { CommandWorker, type CommandWorkerParts } from './command-worker';
import { PartnerSessions } from './partner-sessions';

type Flow = Requester<'ocpi-bridge'>;

export function commandProviders(projector: symbol): Provider[] {
  return [
    {
      provide: CommandDesk,
      inject: [EVENT_STORE, UrlGuard, Bearers, ReceivedTokens, Published, Platform, DATABASE],
      useFactory: (
        store: EventStore,
        guard: UrlGuard,
        bearers: Bearers,
        tokens: ReceivedTokens,
        published: Published,
        platform: Platform,
        database: Database<DeliveryTables>,
      ) => {
        const places = new CommandPlaces(published, platform);
        return new CommandDesk({ store, guard, bearers, tokens, places, sessions: new PartnerSessions(database) });
      },
    },
    {
      provide: CommandSender,
      inject: [EVENT_STORE, Platform, PartnerView, Bearers, Requester, PartnerClient, TokenVault, LOG],
      useFactory: (
        store: EventStore,
        platform: Platform,
        partners: PartnerView,
        bearers: Bearers,
        requester: Flow,
        client: PartnerClient,
        vault: TokenVault,
        log: Log,
      ) => new CommandSender({ store, platform, partners, bearers, requester, client, vault, log }),
    },
    {
      provide: CommandWorker,
      inject: [EVENT_STORE, projector, DATABASE, PartnerView, Bearers, Requester, PartnerClient, TokenVault, Lease, LOG, Metrics],
      useFactory: (
        store: EventStore,
        shown: Projector<CommandTables>,
        database: Database<CommandTables>,
        partners: PartnerView,
        bearers: Bearers,
        requester: Flow,
        client: PartnerClient,
        vault: TokenVault,
        lease: Lease,
        log: Log,
        metrics: Metrics,
      ) => {
        const told: Omit<CommandWorkerParts, 'store' | 'projector' | 'view'> = {
          partners,
          bearers,
          requester,
          client,
          vault,
          lease,
          log,
          metrics,
        };
        return new CommandWorker({ store, projector: shown, view: new CommandView(database), ...told });
      },
    },
  ];
}
