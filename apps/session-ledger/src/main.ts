// Starts the session ledger.
import { runService } from '@evenkeel/service';
import { LedgerSettings } from './config';
import { SessionLedgerModule } from './session-ledger.module';
import { sessionProjection } from './view/session-projection';

void runService({ name: 'session-ledger', module: SessionLedgerModule, settings: LedgerSettings, projections: [sessionProjection] });
