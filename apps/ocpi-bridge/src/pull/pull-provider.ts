// The wiring of what is fetched from partners.
import { LOG, type Log, Metrics, SETTINGS } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { PartnerClient } from '../client/partner-client';
import type { BridgeSettings } from '../config';
import { ClientDesk } from '../hub/client-desk';
import { HubClients } from '../hub/hub-clients';
import { Lease } from '../lease';
import { PartnerView } from '../partner/partner-view';
import { TokenVault } from '../partner/token-vault';
import { PaymentDesk } from '../payments/payment-desk';
import { PartnerPlaces } from '../received/partner-places';
import { ReceivedCdrs } from '../received/received-cdrs';
import { ReceivedSessions } from '../received/received-sessions';
import { ReceivedTokens } from '../received/received-tokens';
import { PullBook } from './pull-book';
import { Puller } from './puller';

export const pullProvider: Provider = {
  provide: Puller,
  inject: [
    ...[SETTINGS, PullBook, PartnerView, PartnerClient, TokenVault, ReceivedTokens, PartnerPlaces],
    ...[ReceivedSessions, ReceivedCdrs, HubClients, ClientDesk, PaymentDesk, Lease, LOG, Metrics],
  ],
  useFactory: (
    settings: BridgeSettings,
    book: PullBook,
    partners: PartnerView,
    client: PartnerClient,
    vault: TokenVault,
    tokens: ReceivedTokens,
    places: PartnerPlaces,
    sessions: ReceivedSessions,
    cdrs: ReceivedCdrs,
    clients: HubClients,
    clientDesk: ClientDesk,
    payments: PaymentDesk,
    lease: Lease,
    log: Log,
    metrics: Metrics,
  ) =>
    new Puller(
      {
        ...{ role: settings.ROLE, book, partners, client, vault, tokens, places, sessions, cdrs },
        ...{ clients, clientDesk, payments, lease, log, metrics },
      },
      settings.PULL_INTERVAL_SECONDS * 1000,
    ),
};
