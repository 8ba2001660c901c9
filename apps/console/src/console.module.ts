// The console's wiring: who asks (access), what may be asked (api), and the services that answer (resources).
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './access/access-guard';
import { ApiKeys } from './access/api-keys';
import { LoginController } from './access/login.controller';
import { LoginDesk } from './access/login-desk';
import { SessionTokens } from './access/session-tokens';
import { AddressHeaders } from './api/address-headers';
import { IndexController } from './api/index.controller';
import type { ConsoleSettings } from './config';
import { ProblemFilter } from './problem/problem-filter';
import { BooksController } from './resources/books.controller';
import { BudgetsController } from './resources/budgets.controller';
import { CatalogueController } from './resources/catalogue.controller';
import { CdrsController } from './resources/cdrs.controller';
import { DisputesController } from './resources/disputes.controller';
import { DriverBillsController } from './resources/driver-bills.controller';
import { FleetController } from './resources/fleet.controller';
import { PartnerCommandsController } from './resources/partner-commands.controller';
import { PartnersController } from './resources/partners.controller';
import { PaymentsController } from './resources/payments.controller';
import { SecurityController } from './resources/security.controller';
import { SessionsController } from './resources/sessions.controller';
import { StationCallsController } from './resources/station-calls.controller';
import { StationsController } from './resources/stations.controller';

@Module({
  controllers: [
    IndexController,
    LoginController,
    StationsController,
    StationCallsController,
    BudgetsController,
    FleetController,
    CatalogueController,
    SecurityController,
    SessionsController,
    CdrsController,
    BooksController,
    DisputesController,
    DriverBillsController,
    PartnersController,
    PartnerCommandsController,
    PaymentsController,
  ],
  providers: [
    {
      provide: SessionTokens,
      inject: [SETTINGS],
      useFactory: (settings: ConsoleSettings) => new SessionTokens(settings.SESSION_SECRET, settings.SESSION_HOURS, Date.now),
    },
    { provide: ApiKeys, inject: [Requester], useFactory: (requester: Requester<'console'>) => new ApiKeys(requester, Date.now) },
    {
      provide: LoginDesk,
      inject: [Requester, SessionTokens],
      useFactory: (requester: Requester<'console'>, tokens: SessionTokens) => new LoginDesk(requester, tokens, Date.now),
    },
    ProblemFilter,
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: AddressHeaders },
  ],
})
export class ConsoleModule {}
