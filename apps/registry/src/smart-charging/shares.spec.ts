import { fold } from '@evenkeel/decider';
import fc from 'fast-check';
import { type Demand, fairShares } from './fair-share';
import {
  defaultSlot,
  type IntendedShare,
  reservedAt,
  type SharedEvse,
  type SharesEvent,
  type SharesState,
  type Site,
  shares,
} from './shares';

const AT = '2026-03-01T10:00:00.000Z';
const demand = (slot: string, more: Partial<Demand> = {}): Demand => ({
  slot,
  minimum: 6,
  most: 32,
  hasPriority: false,
  startedAt: AT,
  ...more,
});
const shared = (available: number, ...demands: Demand[]) => Object.fromEntries(fairShares(available, demands));

describe('a fair share', () => {
  it('is the same for all, as far as each can take it', () => {
    expect(shared(48, demand('a'), demand('b'), demand('c'))).toEqual({ a: 16, b: 16, c: 16 });
    // 40 A: the small one takes its 10, the others share the rest.
    expect(shared(40, demand('a', { most: 10 }), demand('b'), demand('c'))).toEqual({ a: 10, b: 15, c: 15 });
  });

  it('is at least 6 A or nothing: who has waited longest charges', () => {
    expect(
      shared(
        13,
        demand('a', { startedAt: '2026-03-01T09:00:00.000Z' }),
        demand('b', { startedAt: '2026-03-01T08:00:00.000Z' }),
        demand('c'),
      ),
    ).toEqual({
      a: 6.5,
      b: 6.5,
      c: 0,
    });
    expect(shared(5, demand('a'))).toEqual({ a: 0 });
  });

  it('fills up priority first, after everybody has the minimum', () => {
    expect(shared(40, demand('a'), demand('b', { hasPriority: true }))).toEqual({ a: 8, b: 32 });
  });

  it('gives who leaves soon the rate that it needs until then', () => {
    expect(shared(40, demand('a'), demand('b', { needed: 25, departureAt: '2026-03-01T12:00:00.000Z' }))).toEqual({ a: 15, b: 25 });
  });

  it('is together never more than there is, and each at least its minimum or nothing, at most its most', () => {
    const anyDemand = fc.record({
      most: fc.double({ min: 0, max: 80, noNaN: true }),
      needed: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
      hasPriority: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.double({ min: -10, max: 300, noNaN: true }), fc.array(anyDemand, { maxLength: 12 }), (available, given_) => {
        const demands = given_.map((each, index) => demand(`s${index}`, each));
        const amounts = fairShares(available, demands);
        const sum = [...amounts.values()].reduce((total, each) => total + each, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, available) + 1e-6);
        for (const { slot, minimum, most } of demands) {
          const amount = amounts.get(slot) ?? Number.NaN;
          expect(amount <= most + 1e-6 && (amount === 0 || amount >= Math.floor(Math.min(minimum, most) * 10) / 10)).toBe(true);
        }
      }),
    );
  });
});

/** Three stations with two EVSEs each, and what they really hold, whatever anybody knows of it. */
class ModelSite {
  readonly events: SharesEvent[] = [];
  readonly offline = new Set<string>();
  private readonly running = new Map<string, string>();
  /** What the stations know of as ended; the news may not be here yet. */
  private readonly heard = new Map<string, string>();
  /** By slot: the transaction and the amounts of its profile. */
  private readonly held = new Map<string, { transactionId?: string; amounts: readonly number[] }>();
  private readonly over = new Set<string>();
  private transactions = 0;
  levels: readonly number[];
  windows = 'w';

  constructor(levels: readonly number[]) {
    this.levels = levels;
  }

  get state(): SharesState {
    return fold(shares, this.events);
  }

  site(): Site {
    const evses = ['a', 'b', 'c'].flatMap((stationKey) =>
      ['1', '2'].map((evseId): SharedEvse => {
        const slot = `${stationKey}/${evseId}`;
        const transactionId = this.heard.get(slot);
        const base = { slot, stationKey, hasDefault: this.held.has(defaultSlot(stationKey)), minimum: 6, most: 32 };
        return transactionId === undefined ? base : { ...base, demand: { ...demand(slot), transactionId } };
      }),
    );
    return {
      levels: this.levels,
      windows: this.windows,
      evses,
      ended: this.over,
      reachable: new Set(['a', 'b', 'c'].filter((key) => !this.offline.has(key))),
    };
  }

  toggleTransaction(slot: string): void {
    if (this.running.has(slot)) {
      this.running.delete(slot);
      this.held.delete(slot);
    } else {
      this.transactions += 1;
      this.running.set(slot, `tx-${this.transactions}`);
    }
    // A station that is offline tells later.
    if (!this.offline.has(slot.slice(0, 1))) this.hear();
  }

  clearDefault(stationKey: string): void {
    this.held.delete(defaultSlot(stationKey));
  }

  toggleConnection(stationKey: string): void {
    if (!this.offline.delete(stationKey)) this.offline.add(stationKey);
    this.hear();
  }

  share(): readonly IntendedShare[] {
    return this.take({ kind: 'share', site: this.site(), at: AT, resend: [] }).flatMap((event) =>
      event.type === 'SharesIntended' ? event.data.intended : [],
    );
  }

  /** @param fate of the call: whether it arrives, whether the station obeys, whether we hear of it. */
  send({ slot, transactionId, amounts, intentId }: IntendedShare, fate: 'accepted' | 'refused' | 'lost' | 'unheard'): void {
    const isObeyed = fate === 'accepted' || fate === 'unheard';
    const fits = transactionId === undefined || this.running.get(slot) === transactionId;
    if (isObeyed && fits) this.held.set(slot, { amounts, ...(transactionId === undefined ? {} : { transactionId }) });
    if (fate === 'accepted' && fits) this.take({ kind: 'settle', slot, intentId, outcome: 'accepted', at: AT });
    if (fate === 'refused') this.take({ kind: 'settle', slot, intentId, outcome: 'refused', at: AT });
  }

  /** What may really be drawn at a level. */
  drawn(level: number): number {
    return this.site().evses.reduce((sum, { slot, stationKey, minimum, most }) => {
      if (!this.running.has(slot)) return sum;
      const byDefault = this.held.get(defaultSlot(stationKey))?.amounts[level];
      const own = this.held.get(slot)?.amounts[level];
      return sum + (own ?? (byDefault === undefined ? most : minimum * byDefault));
    }, 0);
  }

  get isControlled(): boolean {
    return ['a', 'b', 'c'].every((key) => this.state.shares[defaultSlot(key)]?.accepted !== undefined);
  }

  private hear(): void {
    for (const { slot } of this.site().evses) {
      if (this.offline.has(slot.slice(0, 1))) continue;
      const transactionId = this.running.get(slot);
      const before = this.heard.get(slot);
      if (before !== undefined && before !== transactionId) this.over.add(`${slot.slice(0, 1)}/${before}`);
      if (transactionId === undefined) this.heard.delete(slot);
      else this.heard.set(slot, transactionId);
    }
  }

  private take(command: Parameters<typeof shares.decide>[1]): SharesEvent[] {
    const decision = shares.decide(this.state, command);
    if (!decision.accepted) return [];
    this.events.push(...decision.events);
    return [...decision.events];
  }
}

/** Everything is answered with yes until nothing is left to say. */
function settle(site: ModelSite): number {
  let calls = 0;
  for (let round = 0; round < 10; round++) {
    const intended = site.share();
    if (intended.length === 0) return calls;
    for (const each of intended) site.send(each, 'accepted');
    calls += intended.length;
  }
  throw new Error('it does not come to rest');
}

const slotsOf = ['a/1', 'a/2', 'b/1', 'b/2', 'c/1', 'c/2'] as const;

describe('the shares of a site', () => {
  it('begin with a default at each station, before any transaction has a share', () => {
    const site = new ModelSite([60]);
    site.toggleTransaction('a/1');
    const [first] = [site.share()];
    expect(first.map(({ slot, amounts }) => [slot, ...amounts])).toEqual([
      ['a/0', 1],
      ['b/0', 1],
      ['c/0', 1],
    ]);
    for (const each of first) site.send(each, 'accepted');
    // 60 A less 6 A for each of the five that wait.
    expect(site.share().map(({ slot, amounts }) => [slot, ...amounts])).toEqual([['a/1', 30]]);
  });

  it('wait at 0 where not all can have their minimum at once', () => {
    const site = new ModelSite([20]);
    site.toggleTransaction('b/2');
    settle(site);
    expect(site.state.shares['a/0']?.accepted).toEqual([0]);
    expect(site.state.shares['b/2']?.accepted).toEqual([20]);
  });

  it('are raised only after what makes room has been lowered and accepted', () => {
    const site = new ModelSite([40]);
    site.toggleTransaction('a/1');
    settle(site);
    expect(site.state.shares['a/1']?.accepted).toEqual([10]);
    site.levels = [76];
    settle(site);
    site.toggleTransaction('b/1');
    const intended = site.share();
    expect(intended.map(({ slot, amounts }) => [slot, ...amounts])).toEqual([['a/1', 26]]);
    for (const each of intended) site.send(each, 'accepted');
    expect(site.share().map(({ slot, amounts }) => [slot, ...amounts])).toEqual([['b/1', 26]]);
  });

  it('count what a station that is gone has accepted last, and what it may have obeyed', () => {
    const site = new ModelSite([76]);
    site.toggleTransaction('a/1');
    settle(site);
    expect(site.state.shares['a/1']?.accepted).toEqual([32]);
    site.toggleConnection('a');
    site.toggleTransaction('b/1');
    settle(site);
    // 76 A less the 32 A of the one that is gone, and 6 A for each of the four that wait.
    expect(site.state.shares['b/1']?.accepted).toEqual([20]);
  });

  it('are the same when nothing has changed: nothing is sent', () => {
    const site = new ModelSite([70, 40]);
    for (const slot of slotsOf) site.toggleTransaction(slot);
    expect(settle(site)).toBe(9);
    expect(site.share()).toEqual([]);
  });

  it('give way when somebody has cleared the default of a station, which is installed again', () => {
    const site = new ModelSite([80]);
    site.toggleTransaction('a/1');
    settle(site);
    expect(site.state.shares['a/1']?.accepted).toEqual([32]);
    site.clearDefault('b');
    expect(reservedAt(site.state, site.site(), 0)).toBe(32 + 3 * 6 + 2 * 32);
    // 80 A less the 64 A of the two that may begin with all they can draw, and 18 A of the three others.
    expect(site.share().map(({ slot, amounts }) => [slot, ...amounts])).toEqual([
      ['a/1', 6],
      ['b/0', 1],
    ]);
  });

  it('of other windows count with their highest amount until new ones are accepted', () => {
    const site = new ModelSite([70, 40]);
    site.toggleTransaction('a/1');
    settle(site);
    Object.assign(site, { levels: [40, 70, 70], windows: 'other' });
    site.share();
    expect(reservedAt(site.state, site.site(), 0)).toBe(32 + 5 * 6);
    settle(site);
    expect(site.state.shares['a/1']?.accepted).toEqual([10, 32, 32]);
  });

  it('are carried forward, so that the stream need not be read from its beginning', () => {
    const site = new ModelSite([200]);
    for (let turn = 0; turn < 150; turn++) {
      site.toggleTransaction('a/1');
      settle(site);
    }
    const newest = site.events.findLastIndex(({ type }) => type === 'SharesCarriedForward');
    expect(newest).toBeGreaterThan(0);
    expect(fold(shares, site.events.slice(newest)).shares).toEqual(site.state.shares);
  });

  it('never come to more than the budget, whatever stations obey, refuse, lose or do not answer', () => {
    const anyStep = fc.oneof(
      fc.record({ kind: fc.constant('transaction' as const), slot: fc.constantFrom(...slotsOf) }),
      fc.record({ kind: fc.constant('connection' as const), station: fc.constantFrom('a', 'b', 'c') }),
      fc.record({
        kind: fc.constant('share' as const),
        fates: fc.array(
          fc.constantFrom('accepted' as const, 'accepted' as const, 'refused' as const, 'lost' as const, 'unheard' as const),
          { minLength: 1, maxLength: 9 },
        ),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 10, max: 120 }), { minLength: 1, maxLength: 3 }),
        fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' }),
        (levels, steps) => {
          const site = new ModelSite(levels);
          settle(site);
          expect(site.isControlled).toBe(true);
          const isInside = () => levels.every((limit, level) => site.drawn(level) <= limit + 1e-6);
          for (const step of steps) {
            if (step.kind === 'transaction') site.toggleTransaction(step.slot);
            if (step.kind === 'connection') site.toggleConnection(step.station);
            if (step.kind === 'share') {
              for (const [index, each] of site.share().entries()) {
                site.send(each, step.fates[index % step.fates.length] ?? 'lost');
                expect(isInside()).toBe(true);
              }
            }
            expect(isInside()).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
