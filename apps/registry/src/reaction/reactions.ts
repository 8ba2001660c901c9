// What the system does by itself when a station has said something. Each reaction is a command whose id derives from what it follows from,
// so that a redelivery does not make it twice. A station that is gone by then is not told: it will say the thing again, or boot.
import { idOf, type NeutralCall, Problem } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import type { FleetView } from '../fleet/fleet-view';
import { isMeant } from '../fleet/station-filter';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';

export class Reactions {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say'>,
    private readonly fleet: Pick<FleetView, 'all'>,
    private readonly mirror: Pick<MirrorDesk, 'knownOf'>,
    private readonly log: Log,
  ) {}

  /** A list that does not fit what the station has is sent whole (OCPP 2.0.1 D01.FR.03, OCPP 1.6 section 5.15). */
  async answered(station: StationRow, call: NeutralCall, { cause }: CommandContext): Promise<void> {
    const { action, request, answer } = call;
    if (action === 'CustomerInformation') await this.customerCleared(station, call, cause);
    const isMismatch = answer.status === 'VersionMismatch' || answer.status === 'Failed';
    if (action !== 'SendLocalList' || request.updateType !== 'Differential' || !isMismatch) return;
    // Whoever keeps its list knows the whole of it, and sends that.
    if ((await this.fleet.all('local-list')).some((plan) => isMeant(plan.stations, station))) return;
    const full = { ...request, updateType: 'Full', versionNumber: Number(request.versionNumber) + 1 };
    await this.attempt(station.registered.stationId, action, () =>
      this.commands.say(station, action, full, { cause: idOf('full-list', cause) }),
    );
  }

  /** Whom a station has forgotten leaves its list too (OCPP 2.0.1 N10.FR.02). */
  private async customerCleared(station: StationRow, { request, answer }: NeutralCall, cause: string): Promise<void> {
    const { stationId } = station.registered;
    const { clear, idToken } = request;
    if (answer.status !== 'Accepted' || clear !== true || idToken === undefined) return;
    const version = (await this.mirror.knownOf(stationId)).get('local-list', 'list')?.versionNumber;
    if (typeof version !== 'number' || version <= 0) return;
    const without = { versionNumber: version + 1, updateType: 'Differential', localAuthorizationList: [{ idToken }] };
    // The command that this follows from is still to be settled, and a full list may follow from the answer.
    await this.attempt(stationId, 'SendLocalList', () =>
      this.commands.say(station, 'SendLocalList', without, { cause: idOf('customer-cleared', cause) }),
    );
  }

  private async attempt(stationId: string, what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.info({ stationId, what, reason: error.message }, 'a station was not told');
    }
  }
}
