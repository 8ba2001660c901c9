// Keeps the lists of connected stations in step with the tokens: looks who is to be on each, and sends what differs from what the station
// has accepted. A token that is no longer good leaves the lists at the next look.
import { idOf, type LocalListPlan, Problem, type StationCommand } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { CommandDesk } from '../command/command-desk';
import type { FleetView } from '../fleet/fleet-view';
import { isMeant } from '../fleet/station-filter';
import type { Document } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import { actualValue } from '../mirror/variable-value';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { fitting, isOn, type Listed, type ListLimits, type ListPart, partsFor } from './list-parts';
import type { Roster } from './roster';
import {
  mayBeSent,
  type SentPart,
  type StationListCommand,
  type StationListEvent,
  type StationListState,
  stationList,
  stationListCodec,
  stationListStream,
} from './station-list';

export interface LocalListDeskParts {
  readonly store: EventStore;
  readonly commands: Pick<CommandDesk, 'say'>;
  readonly mirror: Pick<MirrorDesk, 'knownOf'>;
  readonly roster: Pick<Roster, 'listable' | 'uidsOf' | 'revision'>;
  readonly stations: Pick<StationView, 'connected'>;
  readonly fleet: Pick<FleetView, 'all' | 'stationsWithLists'>;
}

/** What stations take at a time unless they say otherwise. */
const ENTRIES_AT_ONCE = 20;
const STATIONS_AT_ONCE = 5;
/** What no event tells, as the end of a token's time or another list by an operator, is seen within this time. */
const LOOKED_AFRESH_MS = 60_000;

export class LocalListDesk {
  private readonly lists: StreamHandler<StationListState, StationListCommand, StationListEvent>;
  /** What each station was in step with. */
  private readonly inStep = new Map<string, string>();

  constructor(private readonly parts: LocalListDeskParts) {
    this.lists = new StreamHandler({ store: parts.store, decider: stationList, codec: stationListCodec, cachedStates: 200 });
  }

  async look(now: Date): Promise<void> {
    const { fleet, roster, stations } = this.parts;
    const plans = await fleet.all('local-list');
    const listed = await fleet.stationsWithLists();
    if (plans.length === 0 && listed.size === 0) return;
    const stamp = idOf('lists', JSON.stringify([roster.revision, plans, Math.floor(now.getTime() / LOOKED_AFRESH_MS)]));
    const due = (await stations.connected()).filter(
      (station) =>
        station.registered.registration === 'accepted' &&
        (listed.has(station.station_key) || plans.some((plan) => isMeant(plan.stations, station))) &&
        this.inStep.get(station.station_key) !== stamp + station.connection_changed_at,
    );
    if (due.length === 0) return;
    const tokens = await roster.listable(now.toISOString());
    const queue = due[Symbol.iterator]();
    const worker = async () => {
      for (const station of queue) {
        const wanted = wantedOf(station, plans, tokens);
        const done = await this.bring(station, wanted, now.toISOString());
        if (done) this.inStep.set(station.station_key, stamp + station.connection_changed_at);
      }
    };
    await Promise.all(Array.from({ length: STATIONS_AT_ONCE }, worker));
  }

  /** @returns whether the station has what it is to have. */
  private async bring(station: StationRow, wanted: readonly Listed[], at: string): Promise<boolean> {
    const { stationId } = station.registered;
    if (!mayBeSent(await this.stateOf(stationId), station.connection_changed_at, at)) return false;
    if (!(await this.askVersion(station, at))) return false;
    // A full list follows a difference that did not fit.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const parts = await this.partsFor(station, wanted);
      if (parts.length === 0) return true;
      if (await this.send(station, parts, at)) return true;
      if (!mayBeSent(await this.stateOf(stationId), station.connection_changed_at, at)) return false;
    }
    return false;
  }

  /** Once a connection, because a station may have lost its list. @returns whether it keeps one at all. */
  private async askVersion(station: StationRow, at: string): Promise<boolean> {
    const { stationId } = station.registered;
    const { attempts, highest, toldAt } = await this.stateOf(stationId);
    const connectedAt = station.connection_changed_at ?? '';
    if (toldAt !== undefined && Date.parse(toldAt) >= Date.parse(connectedAt)) return true;
    const cause = idOf('list-version', stationId.toLowerCase(), connectedAt, attempts);
    const { refusal, answer } = await this.say(station, 'GetLocalListVersion', {}, cause);
    const version = answer?.versionNumber;
    if (refusal === undefined && typeof version === 'number' && version >= 0) {
      await this.take(stationId, { kind: 'told', version, at, stationId }, cause);
      return true;
    }
    // OCPP 1.6 section 5.10: -1 says that there is no such thing.
    const part = { version: highest, full: true, put: [], removed: [] };
    await this.take(stationId, { kind: 'refused', part, status: refusal ?? 'NotSupported', at, stationId }, cause);
    return false;
  }

  private async partsFor(station: StationRow, wanted: readonly Listed[]): Promise<ListPart[]> {
    const { stationId } = station.registered;
    const known = await this.parts.mirror.knownOf(stationId);
    const limits = limitsOf(station, (key) => known.get('variable', key));
    const fit = fitting(wanted, limits);
    const stay = new Set(fit.map(({ key }) => key));
    const state = await this.stateOf(stationId);
    // Somebody else has sent a list in the meantime.
    const told = known.get('local-list', 'list')?.versionNumber;
    const reported = typeof told === 'number' ? told : state.version;
    const seen = { ...state, needsFull: state.needsFull || reported !== state.version, highest: Math.max(state.highest, reported) };
    const uids = await this.parts.roster.uidsOf([...state.entries.keys()].filter((key) => !stay.has(key)));
    return partsFor(seen, fit, limits, (key) => uids.get(key));
  }

  /** @returns whether the station has accepted all of them. */
  private async send(station: StationRow, parts: readonly ListPart[], at: string): Promise<boolean> {
    const { stationId } = station.registered;
    for (const { kept, message } of parts) {
      const { attempts } = await this.stateOf(stationId);
      const cause = idOf('local-list', stationId.toLowerCase(), kept.version, attempts);
      const { refusal } = await this.say(station, 'SendLocalList', message, cause);
      await this.take(stationId, outcomeOf(stationId, kept, refusal, at), cause);
      if (refusal !== undefined) return false;
    }
    return true;
  }

  /** @returns what the station has answered in the place of yes: nothing for a yes. */
  private async say(station: StationRow, action: string, request: object, cause: string): Promise<{ refusal?: string; answer?: Document }> {
    try {
      const said = await this.parts.commands.say(station, action, request, { cause });
      const refusal = refusalOf(said);
      const answer = said.calls[0]?.answer;
      return { ...(refusal === undefined ? {} : { refusal }), ...(answer === undefined ? {} : { answer }) };
    } catch (error) {
      // It is gone, or cannot be told in its version.
      if (error instanceof Problem) return { refusal: error.code === 'not-supported' ? 'NotSupported' : 'Unanswered' };
      throw error;
    }
  }

  private async stateOf(stationId: string): Promise<StationListState> {
    return (await this.lists.load(stationListStream(stationId))).state;
  }

  private async take(stationId: string, command: StationListCommand, cause: string): Promise<void> {
    await this.lists.handle(stationListStream(stationId), command, { cause });
  }
}

/** Of several plans for one station, each adds its tokens. */
function wantedOf(station: StationRow, plans: readonly LocalListPlan[], tokens: readonly Listed[]): Listed[] {
  const meant = plans.filter((plan) => isMeant(plan.stations, station));
  return tokens.filter(({ token }) => meant.some((plan) => isOn(plan, token)));
}

function limitsOf({ ocpp_version: version }: StationRow, variable: (key: string) => Document | undefined): ListLimits {
  const entries = variable('LocalAuthListCtrlr/Entries');
  const { maxLimit } = (entries?.variableCharacteristics ?? {}) as { maxLimit?: number };
  // In OCPP 1.6 the key is the limit (LocalAuthListMaxLength); since 2.0.1 the value is how many there are.
  const atMost = version === '1.6' ? Number(actualValue(entries)) : maxLimit;
  const atOnce = Number(actualValue(variable('LocalAuthListCtrlr/ItemsPerMessage')));
  return {
    version: version ?? '1.6',
    entriesAtOnce: Number.isInteger(atOnce) && atOnce > 0 ? atOnce : ENTRIES_AT_ONCE,
    entriesAtMost: atMost !== undefined && Number.isInteger(atMost) && atMost > 0 ? atMost : undefined,
  };
}

function refusalOf({ status, detail }: StationCommand): string | undefined {
  if (status === 'done') return undefined;
  if (status === 'rejected') return detail ?? 'Failed';
  return status === 'refused' ? 'NotSupported' : 'Unanswered';
}

function outcomeOf(stationId: string, part: SentPart, status: string | undefined, at: string): StationListCommand {
  return status === undefined ? { kind: 'accepted', part, at, stationId } : { kind: 'refused', part, status, at, stationId };
}
