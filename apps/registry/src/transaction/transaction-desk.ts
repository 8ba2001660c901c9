// What the ledger wants of a station about one of its transactions: to be told how it stands.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { CommandDesk } from '../command/command-desk';
import type { StationView } from '../view/station-view';

export class TransactionDesk {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say'>,
    private readonly stations: Pick<StationView, 'find'>,
  ) {}

  /** @throws Problem while the station cannot be asked, or has not answered. */
  async status({ stationId, transactionId, cause }: Request<'transactionStatus'>): Promise<Reply<'transactionStatus'>> {
    const station = await this.stations.find(stationId);
    if (!station) throw new Problem('not-found', `there is no station ${stationId}`);
    const { status, calls } = await this.commands.say(station, 'GetTransactionStatus', { transactionId }, { cause });
    if (status === 'unknown') throw new Problem('timeout', 'the station did not answer in time');
    const { ongoingIndicator, messagesInQueue } = calls[0]?.answer ?? {};
    return {
      ...(typeof ongoingIndicator === 'boolean' ? { ongoing: ongoingIndicator } : {}),
      ...(typeof messagesInQueue === 'boolean' ? { messagesInQueue } : {}),
    };
  }
}
