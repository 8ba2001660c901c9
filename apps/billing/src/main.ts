// Starts billing.
import { runService } from '@evenkeel/service';
import { BillingModule } from './billing.module';
import { BillingSettings } from './config';
import { disputeProjection } from './dispute/dispute-view';
import { driverBillProjection } from './driver-bill/driver-bill-tables';
import { booksProjection } from './view/books-projection';
import { cdrProjection } from './view/cdr-view';

void runService({
  name: 'billing',
  module: BillingModule,
  settings: BillingSettings,
  projections: [cdrProjection, booksProjection, disputeProjection, driverBillProjection],
});
