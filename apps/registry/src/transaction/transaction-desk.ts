// What the ledger wants of a station about one of its transactions: to be told how it stands, to show what it costs, and to stop it at a limit.
import { type CostToShow, Problem, type Reply, type Request, type StationCommand } from '@evenkeel/contracts';
import type { CommandDesk } from '../command/command-desk';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { showsCosts } from './cost-ability';
import { costMessage } from './cost-message';

export class TransactionDesk {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say' | 'callRaw' | 'operate'>,
    private readonly stations: Pick<StationView, 'find'>,
    private readonly mirror: Pick<MirrorDesk, 'knownOf'>,
  ) {}

  /** @throws Problem while the station cannot be asked, or has not answered. */
  async status({ stationId, transactionId, cause }: Request<'transactionStatus'>): Promise<Reply<'transactionStatus'>> {
    const station = await this.stationOf(stationId);
    const { status, calls } = await this.commands.say(station, 'GetTransactionStatus', { transactionId }, { cause });
    if (status === 'unknown') throw new Problem('timeout', 'the station did not answer in time');
    const { ongoingIndicator, messagesInQueue } = calls[0]?.answer ?? {};
    return {
      ...(typeof ongoingIndicator === 'boolean' ? { ongoing: ongoingIndicator } : {}),
      ...(typeof messagesInQueue === 'boolean' ? { messagesInQueue } : {}),
    };
  }

  /** @throws Problem while the station cannot be asked. */
  async stop({ stationId, transactionId, cause }: Request<'stopTransaction'>): Promise<Reply<'stopTransaction'>> {
    const { status } = await this.commands.operate(stationId, 'stop', { transactionId }, { cause });
    return { stopped: status === 'accepted' || status === 'done' };
  }

  /** @throws Problem while the station cannot be told. */
  async showCost(toShow: CostToShow): Promise<Reply<'showCost'>> {
    const station = await this.stationOf(toShow.stationId);
    if (!showsCosts(station.ocpp_version, await this.mirror.knownOf(toShow.stationId))) return { shown: false };
    const { status } = await this.tell(station, toShow);
    return { shown: status !== 'rejected' && status !== 'refused' };
  }

  private tell(station: StationRow, toShow: CostToShow): Promise<StationCommand> {
    const { stationId, transactionId, cost, cause } = toShow;
    if (station.ocpp_version === '1.6') return this.commands.callRaw(stationId, 'DataTransfer', costMessage(toShow), { cause });
    // OCPP 2.0.1 I02.
    return this.commands.say(station, 'CostUpdated', { transactionId, totalCost: Number(cost.amount) }, { cause });
  }

  private async stationOf(stationId: string): Promise<StationRow> {
    const station = await this.stations.find(stationId);
    if (!station) throw new Problem('not-found', `there is no station ${stationId}`);
    return station;
  }
}
