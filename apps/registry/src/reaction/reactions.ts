// What the system does by itself when a station has said something. Each reaction is a command whose id derives from what it follows from,
// so that a redelivery does not make it twice. A station that is gone by then is not told: it will say the thing again, or boot.
import { randomInt } from 'node:crypto';
import { idOf, type NeutralCall, Problem } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import type { FleetView } from '../fleet/fleet-view';
import { isMeant } from '../fleet/station-filter';
import type { StationRow } from '../view/registry-tables';

/** OCPP integers have 32 bits. */
const LARGEST_NUMBER = 2 ** 31 - 1;

export class Reactions {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say' | 'callRaw'>,
    private readonly fleet: Pick<FleetView, 'all'>,
    private readonly log: Log,
  ) {}

  /** A station that is new, or has another firmware, is asked for everything that it tells of itself (OCPP 2.0.1 B07.FR.14, N04.FR.19). */
  async firstBoot(station: StationRow, version: string, cause: string): Promise<void> {
    const { stationId } = station.registered;
    const inventory = { cause: idOf('inventory', cause) };
    if (version === '1.6') {
      // All keys, by naming none (OCPP 1.6 section 5.8).
      await this.attempt(stationId, 'GetConfiguration', () => this.commands.callRaw(stationId, 'GetConfiguration', {}, inventory));
      return;
    }
    const report = { requestId: requestId(), reportBase: 'FullInventory' };
    await this.attempt(stationId, 'GetBaseReport', () => this.commands.say(station, 'GetBaseReport', report, inventory));
    await this.attempt(stationId, 'GetMonitoringReport', () =>
      this.commands.say(station, 'GetMonitoringReport', { requestId: requestId() }, { cause: idOf('monitors', cause) }),
    );
  }

  /** A list that does not fit what the station has is sent whole (OCPP 2.0.1 D01.FR.03, OCPP 1.6 section 5.15). */
  async answered(station: StationRow, { action, request, answer }: NeutralCall, { cause }: CommandContext): Promise<void> {
    const isMismatch = answer.status === 'VersionMismatch' || answer.status === 'Failed';
    if (action !== 'SendLocalList' || request.updateType !== 'Differential' || !isMismatch) return;
    // Whoever keeps its list knows the whole of it, and sends that.
    if ((await this.fleet.all('local-list')).some((plan) => isMeant(plan.stations, station))) return;
    const full = { ...request, updateType: 'Full', versionNumber: Number(request.versionNumber) + 1 };
    await this.attempt(station.registered.stationId, action, () =>
      this.commands.say(station, action, full, { cause: idOf('full-list', cause) }),
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

function requestId(): number {
  return randomInt(1, LARGEST_NUMBER);
}
