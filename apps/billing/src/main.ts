// Starts billing.
import { runService } from '@evenkeel/service';
import { BillingModule } from './billing.module';
import { BillingSettings } from './config';
import { cdrProjection } from './view/cdr-view';

void runService({ name: 'billing', module: BillingModule, settings: BillingSettings, projections: [cdrProjection] });
