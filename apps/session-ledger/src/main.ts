// Starts the session ledger.
import { runService } from '@evenkeel/service';
import { LedgerSettings } from './config';
import { SessionLedgerModule } from './session-ledger.module';
import { ledgerMigrations } from './view/session-tables';

void runService({ name: 'session-ledger', module: SessionLedgerModule, settings: LedgerSettings, migrations: ledgerMigrations });
