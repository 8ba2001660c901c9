// Carries firmware campaigns out: tells stations in their turn, sees from their jobs and boots what has become of each, and takes the orders
// of operators. All of it is in the campaign's stream; a restart goes on where the last look ended.
import {
  type Campaign,
  type CampaignOrder,
  type CampaignPlan,
  idOf,
  type PartyKey,
  Problem,
  type StationCommand,
} from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import type { CommandDesk } from '../command/command-desk';
import type { FleetTables } from '../fleet/fleet-tables';
import { isMeant } from '../fleet/station-filter';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import {
  type CampaignCommand,
  type CampaignEvent,
  type CampaignRejection,
  type CampaignState,
  campaign,
  campaignCodec,
  campaignStreamPrefix,
  nextStations,
  roomFor,
} from './campaign';
import type { CampaignView } from './campaign-view';
import { outcomeOf } from './update-outcome';

export interface CampaignDeskParts {
  readonly store: EventStore;
  readonly projector: Pick<Projector<FleetTables>, 'reached'>;
  readonly view: Pick<CampaignView, 'get' | 'openIds'>;
  readonly stations: Pick<StationView, 'find' | 'rowsAfter'>;
  readonly commands: Pick<CommandDesk, 'operate'>;
  readonly mirror: Pick<MirrorDesk, 'knownOf'>;
  readonly party: PartyKey;
}

const STATIONS_READ_AT_ONCE = 500;
/** Commands of one look; the next look tells others. */
const TOLD_AT_A_LOOK = 50;
const LARGEST_REQUEST_ID = 2 ** 31 - 1;

export class CampaignDesk {
  private readonly campaigns: StreamHandler<CampaignState, CampaignCommand, CampaignEvent, CampaignRejection>;

  constructor(private readonly parts: CampaignDeskParts) {
    this.campaigns = new StreamHandler({ store: parts.store, decider: campaign, codec: campaignCodec, cachedStates: 50 });
  }

  /** @throws Problem for steps that do not rise to 100, a canary that is unknown, a filter that means nobody, and an id that was used. */
  async begin(plan: CampaignPlan, context: CommandContext): Promise<Campaign> {
    const isRising = plan.steps.every((percent, index) => percent > (plan.steps[index - 1] ?? 0));
    if (!isRising || plan.steps.at(-1) !== 100) throw new Problem('invalid', 'the steps must rise to 100');
    const stations = await this.stationsOf(plan);
    if (stations.length === 0) throw new Problem('invalid', 'the filter means no station');
    // A canary that was named twice, or in another case, is one station.
    const canaries = stations.slice(0, new Set(plan.canaries.map((each) => each.toLowerCase())).size);
    return this.command(plan.campaignId, { kind: 'begin', plan: { ...plan, canaries }, stations, at: new Date().toISOString() }, context);
  }

  /** What updates already goes on, also after an end. @throws Problem. */
  order(campaignId: string, order: CampaignOrder, context: CommandContext): Promise<Campaign> {
    return this.command(campaignId, { kind: 'order', order, at: new Date().toISOString() }, context);
  }

  async look(now: Date): Promise<void> {
    for (const campaignId of await this.parts.view.openIds()) {
      await this.follow(campaignId, now);
      await this.tellNext(campaignId, now);
    }
  }

  /** What has become of the stations that were told. */
  private async follow(campaignId: string, now: Date): Promise<void> {
    const { plan, updating } = await this.stateOf(campaignId);
    if (plan === undefined) return;
    for (const [key, told] of updating) {
      const station = await this.parts.stations.find(key);
      const job = (await this.parts.mirror.knownOf(key)).get('firmware-job', String(told.requestId));
      const outcome = outcomeOf(plan.firmware.version, told, station?.boot, job, now.toISOString());
      if (outcome !== undefined) {
        const stationId = station?.registered.stationId ?? key;
        await this.take(campaignId, { ...outcome, stationId, at: now.toISOString() }, idOf('outcome', campaignId, key));
      }
    }
  }

  /** As many as there is room for; one that is away is told when it is connected again. */
  private async tellNext(campaignId: string, now: Date): Promise<void> {
    const state = await this.stateOf(campaignId);
    const { plan } = state;
    if (plan === undefined) return;
    const at = now.toISOString();
    const room = Math.min(roomFor(state), TOLD_AT_A_LOOK);
    const waiting = nextStations(state);
    const told: Promise<boolean>[] = [];
    let away = 0;
    for (const stationId of waiting) {
      const station = await this.parts.stations.find(stationId);
      if (station?.boot?.firmwareVersion === plan.firmware.version) {
        await this.take(campaignId, { kind: 'updated', stationId, at }, idOf('outcome', campaignId, stationId.toLowerCase()));
      } else if (!station?.connected || station.registered.registration !== 'accepted') away += 1;
      else if (told.length < room) told.push(this.tell(plan, station, at));
      else break;
    }
    // Side by side: a station that is slow to answer keeps no other waiting.
    await Promise.all(told);
    if (away > 0 && away === waiting.length) await this.take(campaignId, { kind: 'all-away', at }, idOf('away', campaignId, at));
  }

  /** @returns whether the station was told: one that has gone in the meantime was not. */
  private async tell({ campaignId, firmware }: CampaignPlan, station: StationRow, at: string): Promise<boolean> {
    const { stationId } = station.registered;
    const { version: _, ...parameters } = firmware;
    // Each attempt is told once, also when a crash has lost what came of it.
    const misses = (await this.stateOf(campaignId)).misses.get(station.station_key) ?? 0;
    const cause = idOf('campaign', this.parts.party, campaignId, station.station_key, misses);
    let said: StationCommand;
    try {
      said = await this.parts.commands.operate(stationId, 'update-firmware', parameters, { cause });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'offline' || error.code === 'unavailable') return this.missed(campaignId, stationId, at, cause);
      await this.take(campaignId, { kind: 'failed', stationId, reason: error.message, at }, cause);
      return true;
    }
    if (said.status === 'not-sent') return this.missed(campaignId, stationId, at, cause);
    const { commandId, status, detail = status } = said;
    const requestId = Number(said.calls[0]?.request.requestId);
    const isRefused = status === 'rejected' || status === 'refused';
    // Without an answer the station may have obeyed: its job or its boot will tell.
    const command: CampaignCommand = isRefused
      ? { kind: 'failed', stationId, reason: detail, at }
      : { kind: 'told', stationId, commandId, requestId: requestId <= LARGEST_REQUEST_ID ? requestId : 0, at };
    await this.take(campaignId, command, cause);
    return true;
  }

  private async missed(campaignId: string, stationId: string, at: string, cause: string): Promise<false> {
    await this.take(campaignId, { kind: 'missed', stationId, at }, cause);
    return false;
  }

  /** Canaries first, the others in an order that mixes sites and models. @throws Problem. */
  private async stationsOf({ campaignId, stations: filter, canaries }: CampaignPlan): Promise<string[]> {
    const first = new Map<string, string>();
    for (const canary of canaries) {
      const station = await this.parts.stations.find(canary);
      if (!station) throw new Problem('invalid', `there is no station ${canary}`);
      first.set(station.station_key, station.registered.stationId);
    }
    const others: { readonly stationId: string; readonly place: string }[] = [];
    for (let after = ''; ; ) {
      const rows = await this.parts.stations.rowsAfter(after, STATIONS_READ_AT_ONCE);
      for (const row of rows) {
        if (first.has(row.station_key) || !isMeant(filter, row)) continue;
        others.push({ stationId: row.registered.stationId, place: idOf(campaignId, row.station_key) });
      }
      if (rows.length < STATIONS_READ_AT_ONCE) break;
      after = rows.at(-1)?.station_key ?? after;
    }
    others.sort((a, b) => (a.place < b.place ? -1 : 1));
    return [...first.values(), ...others.map(({ stationId }) => stationId)];
  }

  private async command(campaignId: string, command: CampaignCommand, context: CommandContext): Promise<Campaign> {
    const handled = await this.campaigns.handle(this.streamOf(campaignId), command, context);
    if (!handled.accepted) throw problemOf(handled.rejection, campaignId);
    if (handled.position !== undefined) await this.parts.projector.reached(handled.position);
    return this.parts.view.get(campaignId);
  }

  private async take(campaignId: string, command: CampaignCommand, cause: string): Promise<void> {
    await this.campaigns.handle(this.streamOf(campaignId), command, { cause });
  }

  private async stateOf(campaignId: string): Promise<CampaignState> {
    return (await this.campaigns.load(this.streamOf(campaignId))).state;
  }

  private streamOf(campaignId: string): string {
    return `${campaignStreamPrefix}${idOf('campaign', this.parts.party, campaignId.toLowerCase())}`;
  }
}

function problemOf(rejection: CampaignRejection, campaignId: string): Problem {
  switch (rejection) {
    case 'already-begun':
      return new Problem('conflict', `campaign ${campaignId} has begun already`);
    case 'unknown':
      return new Problem('not-found', `there is no campaign ${campaignId}`);
    case 'ended':
      return new Problem('conflict', `campaign ${campaignId} has ended`);
  }
}
