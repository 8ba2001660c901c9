// The wiring of smart charging: the budgets of sites, their rounds, and the answers to vehicles that say their needs.
import type { EventStore } from '@evenkeel/event-store';
import { EVENT_STORE, LOG, type Log } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { CommandDesk } from '../command/command-desk';
import { MirrorDesk } from '../mirror/mirror-desk';
import { StationView } from '../view/station-view';
import { BudgetDesk } from './budget-desk';
import { BudgetRounds } from './budget-rounds';
import { NeedsDesk } from './needs-desk';
import { PreferencesDesk } from './preferences-desk';
import { ShareSender } from './share-sender';

const LOOK_EVERY_MS = 60_000;
/** The answer to a station has left by then. */
const ANSWERED_IN_MS = 500;
const WAIT_FOR_TRANSACTION_MS = 1_500;

function afterAnswer(log: Log) {
  return (work: () => Promise<void>): void => {
    setTimeout(() => work().catch((error: unknown) => log.error({ error }, 'a vehicle was not sent a schedule')), ANSWERED_IN_MS);
  };
}

export const smartChargingProviders: Provider[] = [
  {
    provide: BudgetDesk,
    inject: [EVENT_STORE, StationView, MirrorDesk, CommandDesk, LOG],
    useFactory: (store: EventStore, stations: StationView, mirror: MirrorDesk, commands: CommandDesk, log: Log) =>
      new BudgetDesk({ store, stations, mirror, sender: new ShareSender(commands, log), log }),
  },
  {
    provide: BudgetRounds,
    inject: [BudgetDesk, LOG],
    useFactory: (desk: BudgetDesk, log: Log) => new BudgetRounds(desk, LOOK_EVERY_MS, log),
  },
  {
    provide: NeedsDesk,
    inject: [StationView, MirrorDesk, CommandDesk, BudgetDesk, LOG],
    useFactory: (stations: StationView, mirror: MirrorDesk, commands: CommandDesk, shares: BudgetDesk, log: Log) => {
      return new NeedsDesk({
        ...{ stations, mirror, commands, shares, log },
        ...{ afterAnswer: afterAnswer(log), waitForTransactionMs: WAIT_FOR_TRANSACTION_MS },
      });
    },
  },
  {
    provide: PreferencesDesk,
    inject: [StationView, MirrorDesk, BudgetDesk, LOG],
    useFactory: (stations: StationView, mirror: MirrorDesk, shares: BudgetDesk, log: Log) =>
      new PreferencesDesk({ stations, mirror, shares, afterAnswer: afterAnswer(log) }),
  },
];
