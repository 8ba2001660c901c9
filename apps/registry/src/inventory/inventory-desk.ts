// Asks a station that is new, or has another firmware, for everything that it tells of itself (OCPP 2.0.1 B07.FR.14, N04.FR.19). An inventory is
// as much work as many boots, so a fleet that comes for the first time is asked a few stations a second. That one is due is known of the station
// until it has answered: neither a crash nor a lost connection takes it away.

import { idOf, Problem, type StationCommand } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import { newRequestNumber } from '../command/request-number';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { INVENTORY, type Inventory } from './inventory';

export interface InventoryDeskParts {
  readonly commands: Pick<CommandDesk, 'say' | 'callRaw'>;
  readonly stations: Pick<StationView, 'find'>;
  readonly mirror: Pick<MirrorDesk, 'note' | 'knownOf'>;
  readonly due: { stationsWithDueInventory(after: string, limit: number): Promise<string[]> };
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** Begun by one look. */
const STATIONS_A_LOOK = 5;
/** Of which some may be slow, or silent. */
const STATIONS_AT_ONCE = 40;
const READ_AT_ONCE = 200;
/** Of one boot; the next boot counts anew. */
const MOST_ATTEMPTS = 3;

export class InventoryDesk {
  private readonly underWay = new Set<string>();
  /** The last station that was looked at: those that are away do not hold up the others. */
  private after = '';

  constructor(private readonly parts: InventoryDeskParts) {}

  /** Begins, and waits for no station. */
  async look(now: Date): Promise<void> {
    let room = Math.min(STATIONS_A_LOOK, STATIONS_AT_ONCE - this.underWay.size);
    const keys = await this.parts.due.stationsWithDueInventory(this.after, READ_AT_ONCE);
    for (const key of keys) {
      if (room <= 0) return;
      this.after = key;
      const station = await this.parts.stations.find(key);
      if (!station?.connected || station.registered.registration !== 'accepted' || this.underWay.has(key)) continue;
      room -= 1;
      this.underWay.add(key);
      void this.ask(station, now).finally(() => this.underWay.delete(key));
    }
    if (keys.length < READ_AT_ONCE) this.after = '';
  }

  private async ask(station: StationRow, now: Date): Promise<void> {
    const { stationId } = station.registered;
    try {
      const known = (await this.parts.mirror.knownOf(stationId)).get(INVENTORY.kind, INVENTORY.key) as Inventory | undefined;
      if (known?.status !== 'due') return;
      const attempts = known.attempts + 1;
      const cause = idOf('inventory', known.cause, String(attempts));
      // Known before it is sent: a station that makes its questioner crash is not asked for ever.
      await this.conclude(stationId, { attempts }, now, cause);
      const hasAnswered = await this.sendAll(station, known.version, cause);
      if (hasAnswered) await this.conclude(stationId, { status: 'asked' }, now, cause);
      else if (attempts >= MOST_ATTEMPTS) await this.conclude(stationId, { status: 'given-up' }, now, cause);
    } catch (error) {
      this.parts.log.error({ stationId, error }, 'a station could not be asked for its inventory');
    }
  }

  private conclude(stationId: string, document: Partial<Inventory>, now: Date, cause: string): Promise<void> {
    const news = { kind: 'concluded' as const, of: INVENTORY.kind, key: INVENTORY.key, document, at: now.toISOString() };
    return this.parts.mirror.note(stationId, news, { cause: idOf(cause, document.status ?? 'begun') });
  }

  /** @returns whether the station has answered, be it with no. */
  private async sendAll(station: StationRow, version: string, cause: string): Promise<boolean> {
    const { stationId } = station.registered;
    // All keys, by naming none (OCPP 1.6 section 5.8).
    if (version === '1.6') {
      return this.isAnswered(stationId, 'GetConfiguration', (what) => this.parts.commands.callRaw(stationId, what, {}, { cause }));
    }
    const say = (request: object, own: CommandContext) => (what: string) => this.parts.commands.say(station, what, request, own);
    const report = { requestId: newRequestNumber(), reportBase: 'FullInventory' };
    const monitors = { requestId: newRequestNumber() };
    const hasReport = await this.isAnswered(stationId, 'GetBaseReport', say(report, { cause }));
    const hasMonitors = await this.isAnswered(stationId, 'GetMonitoringReport', say(monitors, { cause: idOf('monitors', cause) }));
    return hasReport && hasMonitors;
  }

  private async isAnswered(stationId: string, action: string, send: (action: string) => Promise<StationCommand>): Promise<boolean> {
    try {
      const { status } = await send(action);
      return status !== 'unknown' && status !== 'not-sent';
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.parts.log.info({ stationId, action, reason: error.message }, 'a station was not asked');
      return false;
    }
  }
}
