// What follows from a call that a station has answered: what is known of the station changes, and some answers ask for another call.
import type { NeutralCall } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { Reactions } from '../reaction/reactions';
import type { StationRow } from '../view/registry-tables';

export class CallFollower {
  constructor(
    private readonly mirror: Pick<MirrorDesk, 'note'>,
    private readonly reactions: Pick<Reactions, 'answered'>,
  ) {}

  /** @param call without secrets and tokens; @param inClear as it was said, which no store may see. */
  async answered(station: StationRow, call: NeutralCall, inClear: NeutralCall, context: CommandContext): Promise<void> {
    await this.mirror.note(station.registered.stationId, { kind: 'call', ...call, at: new Date().toISOString() }, context);
    await this.reactions.answered(station, inClear, context);
  }
}
