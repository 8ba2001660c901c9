// Shares the power of sites: hears what changes, has it decided (shares.ts), tells the stations what has changed for them, and takes what they
// answer. One round of a budget at a time; what happens meanwhile makes one more round.
import { setTimeout as pause } from 'node:timers/promises';
import { type ChargingBudget, type ChargingBudgetState, idOf, Problem, type StationFact } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { Item } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { type BudgetBook, type BudgetCommand, type BudgetEvent, budgetBook, budgetCodec, budgetStream } from './budget-book';
import { isTimeZone, levelAt } from './budget-levels';
import { chargingKnowledgeOf } from './charging-knowledge';
import type { ExternalLimit } from './composite-schedule';
import { DRIVER_PREFERENCES } from './preferences';
import type { ShareSender } from './share-sender';
import {
  defaultSlot,
  givesNeeded,
  type IntendedShare,
  reservedAt,
  type SharesCommand,
  type SharesEvent,
  type SharesState,
  shares,
  sharesCodec,
  sharesStreamPrefix,
} from './shares';
import { type StationOfSite, shareLimit, siteOf, slotOf } from './site';

/** Lowering makes room for raising, which makes room for nothing: so many rounds come to rest. */
const ROUNDS = 4;
/** Stations that are told at the same time. */
const TOLD_AT_ONCE = 4;
/** Events come in bursts, and a station that has just connected is not shown as connected yet. */
const SETTLES_IN_MS = 500;
const BOOK_IS_FRESH_MS = 2_000;
/** A share with windows is told a day ahead; it is told anew long before that. */
const TOLD_ANEW_AFTER_MS = 6 * 3_600_000;
const NOTICES: ReadonlySet<string> = new Set(['NotifyChargingLimit', 'ClearedChargingLimit', 'NotifyPriorityCharging']);

export interface BudgetDeskParts {
  readonly store: EventStore;
  readonly stations: Pick<StationView, 'find' | 'rowsAt'>;
  readonly mirror: Pick<MirrorDesk, 'knownOf'>;
  readonly sender: Pick<ShareSender, 'tell' | 'withdraw'>;
  readonly log: Log;
}

interface Member extends StationOfSite {
  readonly row: StationRow;
}
interface Round {
  readonly resend: string[];
  readonly done: Promise<void>;
}

export class BudgetDesk {
  private readonly book: StreamHandler<BudgetBook, BudgetCommand, BudgetEvent>;
  private readonly shares: StreamHandler<SharesState, SharesCommand, SharesEvent>;
  private readonly waiting = new Map<string, Round>();
  private readonly latest = new Map<string, Promise<void>>();
  private read: { at: number; budgets: Promise<ChargingBudget[]> } | undefined;

  constructor(private readonly parts: BudgetDeskParts) {
    const { store } = parts;
    // Another pod may have set a budget.
    this.book = new StreamHandler({ store, decider: budgetBook, codec: budgetCodec, cachedStates: 0 });
    this.shares = new StreamHandler({ store, decider: shares, codec: sharesCodec, carriedForwardBy: 'SharesCarriedForward' });
  }

  /** @throws Problem for a budget that says not just one of location and stations, and for stations that have a budget already. */
  async set(budget: ChargingBudget, context: CommandContext): Promise<ChargingBudget> {
    if ((budget.locationId === undefined) === (budget.stationIds === undefined)) {
      throw new Problem('invalid', 'a budget is that of a location or of stations');
    }
    if (budget.timeZone !== undefined && !isTimeZone(budget.timeZone))
      throw new Problem('invalid', `there is no time zone ${budget.timeZone}`);
    for (const { row } of await this.membersOf(budget)) {
      const other = await this.budgetOf(row);
      if (other && other.budgetId !== budget.budgetId) {
        throw new Problem('conflict', `station ${row.registered.stationId} is in budget ${other.budgetId}`);
      }
    }
    await this.book.handle(budgetStream, { kind: 'set', budget, at: new Date().toISOString() }, context);
    this.read = undefined;
    this.inBackground(budget.budgetId, context);
    return budget;
  }

  /** Stations that cannot be told now go on with what they have. */
  async remove(budgetId: string, context: CommandContext): Promise<{ budgetId: string; notTold: string[] }> {
    const budget = await this.get(budgetId);
    const members = await this.membersOf(budget);
    await this.book.handle(budgetStream, { kind: 'remove', budgetId, at: new Date().toISOString() }, context);
    this.read = undefined;
    const told = await Promise.all(members.map(({ row }) => this.parts.sender.withdraw(row, context)));
    return { budgetId, notTold: members.flatMap(({ row }, index) => (told[index] === true ? [] : [row.registered.stationId])) };
  }

  list(): Promise<ChargingBudget[]> {
    this.read ??= { at: Date.now(), budgets: this.readBook() };
    if (Date.now() - this.read.at > BOOK_IS_FRESH_MS) this.read = { at: Date.now(), budgets: this.readBook() };
    return this.read.budgets;
  }

  /** @throws Problem where there is no such budget. */
  async stateOf(budgetId: string): Promise<ChargingBudgetState> {
    const budget = await this.get(budgetId);
    const now = new Date();
    const members = await this.membersOf(budget);
    const site = siteOf(budget, members, now);
    const { state } = await this.shares.loadNewest(streamOf(budgetId));
    const level = levelAt(budget, now);
    return {
      budget,
      limit: site.levels[level] ?? 0,
      reserved: reservedAt(state, site, level),
      shares: members.flatMap(({ stationKey, row, knowledge }) =>
        knowledge.evses.flatMap(({ evseId }) => {
          const { transactionId, accepted, acceptedAt, intents = [] } = state.shares[slotOf(stationKey, evseId)] ?? {};
          if (transactionId === undefined) return [];
          const pending = intents.at(-1)?.amounts[level];
          return [
            {
              stationId: row.registered.stationId,
              evseId,
              transactionId,
              ...(accepted === undefined ? {} : { accepted: accepted[level] ?? 0 }),
              ...(acceptedAt === undefined ? {} : { since: acceptedAt }),
              ...(pending === undefined ? {} : { pending }),
            },
          ];
        }),
      ),
      uncontrolled: members
        .filter(({ stationKey }) => state.shares[defaultSlot(stationKey)]?.accepted === undefined)
        .map(({ row }) => row.registered.stationId),
    };
  }

  /** Whether something has happened that changes who needs what. */
  async observe(fact: StationFact): Promise<void> {
    if (!concernsSharing(fact)) return;
    const station = await this.parts.stations.find(fact.stationId);
    const budget = station && (await this.budgetOf(station));
    if (!budget) return;
    await pause(SETTLES_IN_MS, undefined, { ref: false });
    await this.shareAnew(budget.budgetId, fact.factId);
  }

  /** What time brings: other vehicles' departure, shares that were told long ago, calls that nobody has answered. */
  async look(now: Date): Promise<void> {
    for (const budget of await this.list()) {
      const { state } = await this.shares.loadNewest(streamOf(budget.budgetId));
      const isOld = (acceptedAt: string | undefined) =>
        acceptedAt !== undefined && now.getTime() - Date.parse(acceptedAt) > TOLD_ANEW_AFTER_MS;
      const old = Object.entries(state.shares).filter(
        ([, { transactionId, acceptedAt }]) => transactionId !== undefined && isOld(acceptedAt),
      );
      const resend = budget.windows === undefined ? [] : old.map(([slot]) => slot);
      await this.shareAnew(budget.budgetId, `look/${now.toISOString()}`, resend);
    }
  }

  async isShared(station: StationRow): Promise<boolean> {
    return (await this.budgetOf(station)) !== undefined;
  }

  /** Shares anew, and tells this transaction its share also where that is as it was. */
  async offerShare(station: StationRow, evseId: number, { cause }: CommandContext): Promise<void> {
    const budget = await this.budgetOf(station);
    if (budget) await this.shareAnew(budget.budgetId, cause, [slotOf(station.station_key, evseId)]);
  }

  /** Whether the transaction at the EVSE would get what it needs, were this wish of its driver known. */
  async couldGive(station: StationRow, evseId: number, wish: Item): Promise<boolean> {
    const budget = await this.budgetOf(station);
    if (!budget) return false;
    const now = new Date();
    const change = { kind: DRIVER_PREFERENCES, put: [wish], removed: [] };
    const members = (await this.membersOf(budget)).map((member) =>
      member.stationKey === station.station_key ? { ...member, known: member.known.with(change) } : member,
    );
    const { state } = await this.shares.loadNewest(streamOf(budget.budgetId));
    return givesNeeded(state, siteOf(budget, members, now), slotOf(station.station_key, evseId), levelAt(budget, now));
  }

  async shareOf(station: StationRow, evseId: number): Promise<readonly ExternalLimit[]> {
    const budget = await this.budgetOf(station);
    if (!budget) return [];
    const { state } = await this.shares.loadNewest(streamOf(budget.budgetId));
    const amounts = state.shares[slotOf(station.station_key, evseId)]?.accepted;
    if (amounts === undefined) return [];
    const { knowledge } = await this.memberOf(station);
    return [shareLimit(budget, knowledge, evseId, amounts, new Date())];
  }

  private async get(budgetId: string): Promise<ChargingBudget> {
    const budget = (await this.readBook()).find((each) => each.budgetId === budgetId);
    if (!budget) throw new Problem('not-found', `there is no budget ${budgetId}`);
    return budget;
  }

  private async readBook(): Promise<ChargingBudget[]> {
    return Object.values((await this.book.load(budgetStream)).state);
  }

  private async budgetOf({ station_key: key, location_id: locationId }: StationRow): Promise<ChargingBudget | undefined> {
    return (await this.list()).find((budget) => {
      return budget.locationId === locationId || budget.stationIds?.some((stationId) => stationId.toLowerCase() === key) === true;
    });
  }

  /** Rounds of one budget follow each other; whoever comes while one runs waits for the next one, which is one for all of them. */
  private shareAnew(budgetId: string, cause: string, resend: readonly string[] = []): Promise<void> {
    const waiting = this.waiting.get(budgetId);
    if (waiting) {
      waiting.resend.push(...resend);
      return waiting.done;
    }
    const before = this.latest.get(budgetId) ?? Promise.resolve();
    const wanted = [...resend];
    const begin = () => {
      this.waiting.delete(budgetId);
      return this.shareNow(budgetId, cause, wanted);
    };
    // A round that has failed has told whoever waited for it.
    const done = before.then(begin, begin);
    this.waiting.set(budgetId, { resend: wanted, done });
    this.latest.set(budgetId, done);
    return done;
  }

  private async shareNow(budgetId: string, cause: string, resend: readonly string[]): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const budget = (await this.readBook()).find((each) => each.budgetId === budgetId);
      if (!budget) return;
      const now = new Date();
      const members = await this.membersOf(budget);
      const command = {
        kind: 'share' as const,
        site: siteOf(budget, members, now),
        at: now.toISOString(),
        resend: round === 0 ? resend : [],
      };
      const handled = await this.shares.handle(streamOf(budgetId), command, { cause: idOf('share', budgetId, cause, String(round)) });
      const intended = handled.accepted
        ? handled.events.flatMap((event) => (event.type === 'SharesIntended' ? event.data.intended : []))
        : [];
      if (intended.length === 0) return;
      await this.tellAll(budget, members, intended);
    }
  }

  private async tellAll(budget: ChargingBudget, members: readonly Member[], intended: readonly IntendedShare[]): Promise<void> {
    const queue = [...intended];
    const work = async () => {
      for (let share = queue.shift(); share !== undefined; share = queue.shift()) await this.tell(budget, members, share);
    };
    await Promise.all(Array.from({ length: TOLD_AT_ONCE }, work));
  }

  private async tell(budget: ChargingBudget, members: readonly Member[], share: IntendedShare): Promise<void> {
    const { slot, intentId } = share;
    const member = members.find(({ stationKey }) => slot.startsWith(`${stationKey}/`));
    if (member === undefined) return;
    const cause = idOf('share', budget.budgetId, String(intentId));
    const outcome = await this.parts.sender.tell(budget, member, share, { cause });
    if (outcome === undefined) return;
    await this.shares.handle(
      streamOf(budget.budgetId),
      { kind: 'settle', slot, intentId, outcome, at: new Date().toISOString() },
      { cause },
    );
  }

  private async membersOf({ locationId, stationIds = [] }: ChargingBudget): Promise<Member[]> {
    const rows =
      locationId === undefined
        ? await Promise.all(stationIds.map((stationId) => this.parts.stations.find(stationId)))
        : await this.parts.stations.rowsAt(locationId);
    return Promise.all(rows.filter((row) => row !== undefined).map((row) => this.memberOf(row)));
  }

  private async memberOf(row: StationRow): Promise<Member> {
    const { stationId, evses } = row.registered;
    const known = await this.parts.mirror.knownOf(stationId);
    const knowledge = chargingKnowledgeOf(known, evses, row.ocpp_version ?? '1.6');
    return { row, stationKey: row.station_key, connected: row.connected, known, knowledge };
  }

  private inBackground(budgetId: string, { cause }: CommandContext): void {
    this.shareAnew(budgetId, cause).catch((error: unknown) =>
      this.parts.log.warn({ error, budgetId }, 'a budget was not shared; it will be'),
    );
  }
}

function concernsSharing(fact: StationFact): boolean {
  switch (fact.kind) {
    case 'transaction-reported':
    case 'station-booted':
      return true;
    case 'station-connection-changed':
      return fact.connected;
    case 'station-notice-reported':
      return NOTICES.has(fact.action);
    default:
      return false;
  }
}

function streamOf(budgetId: string): string {
  return `${sharesStreamPrefix}${budgetId}`;
}
