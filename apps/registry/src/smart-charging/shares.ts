// The decider of who has which share of a site's power. What was handed out counts from the moment that it is intended until something else
// is known to hold in its place: a station that does not answer may have obeyed, and one that is gone goes on with what it has accepted last.
// So nothing is raised before what makes room for it has been lowered, and accepted.
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { withOneDecimal } from './charging-rate';
import { type Demand, fairShares } from './fair-share';

/** One amount for each level of the budget. */
export type Amounts = readonly number[];

export interface Intent {
  readonly intentId: number;
  readonly amounts: Amounts;
}

export interface Share {
  /** Of the TxProfile; absent for the default of a station. */
  readonly transactionId?: string;
  readonly accepted?: Amounts;
  readonly acceptedAt?: string;
  /** Told, and not answered to. */
  readonly intents: readonly Intent[];
  /** What the station has said no to: it is not asked the same again at once. */
  readonly refused?: { readonly amounts: Amounts; readonly at: string };
}

export interface SharesState {
  readonly shares: Readonly<Record<string, Share>>;
  /** The windows that the amounts are for. */
  readonly windows: string;
  readonly lastIntentId: number;
  /** Events since the state was carried forward. */
  readonly age: number;
}

export interface SharedEvse {
  /** `station/evse`. */
  readonly slot: string;
  readonly stationKey: string;
  /** Whether its station still has the default, which somebody may have cleared. */
  readonly hasDefault: boolean;
  /** With which a vehicle charges at all. */
  readonly minimum: number;
  /** What it can draw when nothing limits it. */
  readonly most: number;
  readonly demand?: Demand & { readonly transactionId: string };
}

export interface Site {
  readonly levels: Amounts;
  /** Names the windows that the levels belong to. */
  readonly windows: string;
  readonly evses: readonly SharedEvse[];
  /** `station/transaction` of what has ended; of another one that does not seem to run nobody knows. */
  readonly ended: ReadonlySet<string>;
  /** Stations that can be told something now. */
  readonly reachable: ReadonlySet<string>;
}

export interface IntendedShare extends Intent {
  readonly slot: string;
  readonly transactionId?: string;
}

/** `not-sent`: it has certainly not arrived. */
export type ShareOutcome = 'accepted' | 'refused' | 'not-sent';

export type SharesEvent =
  /** The budget has other windows: until something else is accepted, what was handed out counts with its highest amount in all of them. */
  | { type: 'SharesRecast'; data: { windows: string; levels: number; at: string } }
  | { type: 'SharesReleased'; data: { slots: readonly string[]; at: string } }
  | { type: 'SharesIntended'; data: { intended: readonly IntendedShare[]; at: string } }
  | { type: 'ShareSettled'; data: { slot: string; intentId: number; outcome: ShareOutcome; at: string } }
  /** The whole state, so that a stream that never ends need not be read from its beginning. */
  | { type: 'SharesCarriedForward'; data: Omit<SharesState, 'age'> };

export type SharesCommand =
  | { readonly kind: 'share'; readonly site: Site; readonly at: string; readonly resend: readonly string[] }
  /** What the station has answered. Nothing is said of one that has not: it may have obeyed. */
  | { readonly kind: 'settle'; readonly slot: string; readonly intentId: number; readonly outcome: ShareOutcome; readonly at: string };

export const sharesCodec: Codec<SharesEvent> = codecOf<SharesEvent>({
  SharesRecast: [],
  SharesReleased: [],
  SharesIntended: [],
  ShareSettled: [],
  SharesCarriedForward: [],
});
export const sharesStreamPrefix = 'shares-';

const CARRIED_FORWARD_AFTER = 200;
const ASKED_AGAIN_AFTER_MS = 600_000;

export const shares: Decider<SharesState, SharesCommand, SharesEvent> = {
  initial: () => ({ shares: {}, windows: '', lastIntentId: 0, age: 0 }),
  evolve: (state, event) => ({ ...evolved(state, event), age: event.type === 'SharesCarriedForward' ? 0 : state.age + 1 }),
  decide: (state, command) => {
    const events = command.kind === 'settle' ? settled(state, command) : shared(state, command);
    if (events.length === 0 || state.age + events.length < CARRIED_FORWARD_AFTER) return accept(...events);
    const { age: _, ...carried } = events.reduce<SharesState>(evolved, state);
    return accept<SharesEvent>(...events, { type: 'SharesCarriedForward', data: carried });
  },
};

/** The default with which a transaction begins at any EVSE of the station. Its amount is 1 where every EVSE may have its minimum, else 0. */
export function defaultSlot(stationKey: string): string {
  return `${stationKey}/0`;
}

/** What an EVSE may draw at a level, by everything that may hold at the station. */
export function reservedFor({ shares: all }: Pick<SharesState, 'shares'>, evse: SharedEvse, level: number): number {
  const own = all[evse.slot];
  const fallback = all[defaultSlot(evse.stationKey)];
  const factor = highest(fallback, level);
  const byDefault = fallback?.accepted === undefined || !evse.hasDefault ? evse.most : Math.min(evse.most, evse.minimum * factor);
  // The next transaction begins with the default, maybe before we hear of the end of this one.
  return Math.max(byDefault, highest(own, level));
}

export function reservedAt(state: Pick<SharesState, 'shares'>, { evses }: Pick<Site, 'evses'>, level: number): number {
  return evses.reduce((sum, evse) => sum + reservedFor(state, evse, level), 0);
}

/** Whether the transaction at the slot would get the rate that it needs. */
export function givesNeeded(state: SharesState, site: Site, slot: string, level: number): boolean {
  const needed = site.evses.find((evse) => evse.slot === slot)?.demand?.needed ?? 0;
  const share = wantedShares(state, site).find((wanted) => wanted.slot === slot);
  return share !== undefined && (share.amounts[level] ?? 0) >= withOneDecimal(needed);
}

function evolved(state: SharesState, event: SharesEvent): SharesState {
  switch (event.type) {
    case 'SharesRecast': {
      const { windows, levels } = event.data;
      const flat = (amounts: Amounts) => Array.from({ length: levels }, () => Math.max(...amounts));
      const recast = Object.entries(state.shares).map(([slot, { accepted, intents, ...share }]): [string, Share] => [
        slot,
        {
          ...share,
          ...(accepted === undefined ? {} : { accepted: flat(accepted) }),
          intents: intents.map((each) => ({ ...each, amounts: flat(each.amounts) })),
        },
      ]);
      return { ...state, windows, shares: Object.fromEntries(recast) };
    }
    case 'SharesReleased': {
      const gone = new Set(event.data.slots);
      return { ...state, shares: Object.fromEntries(Object.entries(state.shares).filter(([slot]) => !gone.has(slot))) };
    }
    case 'SharesIntended': {
      const { intended } = event.data;
      const all = { ...state.shares };
      for (const { slot, transactionId, intentId, amounts } of intended) {
        const { intents, ...before } = all[slot] ?? { intents: [] };
        all[slot] = { ...before, ...(transactionId === undefined ? {} : { transactionId }), intents: [...intents, { intentId, amounts }] };
      }
      return { ...state, shares: all, lastIntentId: Math.max(state.lastIntentId, ...intended.map(({ intentId }) => intentId)) };
    }
    case 'ShareSettled': {
      const { slot, intentId, outcome, at } = event.data;
      const before = state.shares[slot];
      const intent = before?.intents.find((each) => each.intentId === intentId);
      if (before === undefined || intent === undefined) return state;
      // A station takes calls in their order: what it was told before does not hold any more.
      const accepted = { accepted: intent.amounts, acceptedAt: at, intents: before.intents.filter((each) => each.intentId > intentId) };
      const dropped = { intents: before.intents.filter((each) => each !== intent) };
      const refused = { ...dropped, refused: { amounts: intent.amounts, at } };
      const after = { ...before, ...{ accepted, refused, 'not-sent': dropped }[outcome] };
      return { ...state, shares: { ...state.shares, [slot]: after } };
    }
    case 'SharesCarriedForward':
      return { ...event.data, age: 0 };
  }
}

function settled({ shares: all }: SharesState, { slot, intentId, outcome, at }: Extract<SharesCommand, { kind: 'settle' }>): SharesEvent[] {
  const isOpen = all[slot]?.intents.some((each) => each.intentId === intentId) === true;
  return isOpen ? [{ type: 'ShareSettled', data: { slot, intentId, outcome, at } }] : [];
}

function shared(state: SharesState, { site, at, resend }: Extract<SharesCommand, { kind: 'share' }>): SharesEvent[] {
  const events: SharesEvent[] = [];
  const levels = site.levels.length;
  if (state.windows !== site.windows) events.push({ type: 'SharesRecast', data: { windows: site.windows, levels, at } });
  const slots = ended(state, site);
  if (slots.length > 0) events.push({ type: 'SharesReleased', data: { slots, at } });
  const now = events.reduce<SharesState>(evolved, state);
  const intended = intentsOf(now, site, new Set(resend), at);
  if (intended.length > 0) events.push({ type: 'SharesIntended', data: { intended, at } });
  return events;
}

/** A profile ends with its transaction, and then the default holds again. */
function ended({ shares: all }: SharesState, { evses, ended: over }: Site): string[] {
  return evses.filter(({ slot, stationKey }) => over.has(`${stationKey}/${all[slot]?.transactionId}`)).map(({ slot }) => slot);
}

function intentsOf(state: SharesState, site: Site, resend: ReadonlySet<string>, at: string): IntendedShare[] {
  const wanted = [...wantedDefaults(site), ...wantedShares(state, site)];
  const headroom = site.levels.map((limit, level) => limit - reservedAt(state, site, level));
  const lost = new Set(site.evses.filter(({ hasDefault }) => !hasDefault).map(({ stationKey }) => defaultSlot(stationKey)));
  const intended: IntendedShare[] = [];
  let now = state;
  let intentId = state.lastIntentId;
  // What becomes less, or stays, comes first.
  for (const each of wanted.sort((one, other) => raiseOf(now, site, one) - raiseOf(now, site, other))) {
    const known = now.shares[each.slot];
    if (!resend.has(each.slot) && !lost.has(each.slot) && isSettled(known, each.amounts, at)) continue;
    // Who waits for an answer is told what stands where more has no room yet.
    const stands = resend.has(each.slot) && known?.accepted !== undefined ? [known.accepted] : [];
    const intent = [each.amounts, ...stands]
      .map((amounts) => ({ ...each, amounts, intentId: intentId + 1 }))
      .find((candidate) => raisesOf(now, site, candidate).every((raise, level) => raise <= Math.max(0, headroom[level] ?? 0) + 1e-6));
    if (intent === undefined) continue;
    raisesOf(now, site, intent).forEach((raise, level) => {
      headroom[level] = (headroom[level] ?? 0) - raise;
    });
    intentId += 1;
    intended.push(intent);
    now = withIntent(now, intent);
  }
  return intended;
}

/** By how much more is handed out, at each level. */
function raisesOf(state: SharesState, site: Site, intent: IntendedShare): number[] {
  const after = withIntent(state, intent);
  return site.levels.map((_, level) => reservedAt(after, site, level) - reservedAt(state, site, level));
}

function withIntent(state: SharesState, intent: IntendedShare): SharesState {
  return evolved(state, { type: 'SharesIntended', data: { intended: [intent], at: '' } });
}

type Wanted = Omit<IntendedShare, 'intentId'>;

/** Every EVSE may begin with its minimum where all of them together may, at the lowest level; else it waits for its share. */
function wantedDefaults({ evses, levels, reachable }: Site): Wanted[] {
  const together = evses.reduce((sum, { minimum, most }) => sum + Math.min(minimum, most), 0);
  const factor = together <= Math.min(...levels) ? 1 : 0;
  const stations = [...new Set(evses.map(({ stationKey }) => stationKey))].filter((key) => reachable.has(key));
  return stations.map((stationKey) => ({ slot: defaultSlot(stationKey), amounts: levels.map(() => factor) }));
}

/** Of transactions at stations that can be told, and that have their default: it comes first. */
function wantedShares(state: SharesState, site: Site): Wanted[] {
  const isShared = ({ slot, stationKey, hasDefault, demand }: SharedEvse) => {
    const { transactionId = demand?.transactionId } = state.shares[slot] ?? {};
    const isCurrent = demand !== undefined && demand.transactionId === transactionId;
    return isCurrent && hasDefault && site.reachable.has(stationKey) && state.shares[defaultSlot(stationKey)]?.accepted !== undefined;
  };
  const sharing = site.evses.filter(isShared);
  const others = site.evses.filter((evse) => !isShared(evse));
  const demands = sharing.flatMap(({ demand }) => demand ?? []);
  const byLevel = site.levels.map((limit, level) => {
    const taken = others.reduce((sum, evse) => sum + reservedFor(state, evse, level), 0);
    return fairShares(limit - taken, demands);
  });
  return sharing.flatMap(({ slot, stationKey, minimum, most, demand }) => {
    if (demand === undefined) return [];
    // Its default is kept for it anyway.
    const least = (level: number) => Math.min(most, minimum * (state.shares[defaultSlot(stationKey)]?.accepted?.[level] ?? 0));
    const amounts = byLevel.map((shared, level) => Math.max(shared.get(slot) ?? 0, least(level)));
    return [{ slot, transactionId: demand.transactionId, amounts }];
  });
}

function raiseOf({ shares: all }: SharesState, { levels }: Site, { slot, amounts }: Wanted): number {
  const before = all[slot]?.accepted;
  return before === undefined ? Number.MAX_VALUE : levels.reduce((sum, _, level) => sum + (amounts[level] ?? 0) - (before[level] ?? 0), 0);
}

/** Whether the station has said yes to just this, or no a short while ago. */
function isSettled(share: Share | undefined, amounts: Amounts, at: string): boolean {
  if (share === undefined || share.intents.length > 0) return false;
  if (isEqual(share.accepted, amounts)) return true;
  const { refused } = share;
  return refused !== undefined && isEqual(refused.amounts, amounts) && Date.parse(at) - Date.parse(refused.at) < ASKED_AGAIN_AFTER_MS;
}

function highest(share: Share | undefined, level: number): number {
  return Math.max(0, share?.accepted?.[level] ?? 0, ...(share?.intents ?? []).map(({ amounts }) => amounts[level] ?? 0));
}

function isEqual(one: Amounts | undefined, other: Amounts): boolean {
  return one !== undefined && one.length === other.length && one.every((amount, index) => amount === other[index]);
}
