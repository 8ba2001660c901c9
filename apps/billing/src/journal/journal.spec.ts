import { fold } from '@evenkeel/decider';
import { Money } from '@evenkeel/money';
import fc from 'fast-check';
import { type JournalEntry, type JournalEvent, journal, journalStream } from './journal';
import { credit, debit, isBalanced, type Posting } from './posting';

const at = '2026-03-01T20:00:00.000Z';
const usd = (amount: string) => Money.parse(amount, 'USD');
const entry = (postings: readonly Posting[], change: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ party: 'US-CHG', kind: 'claim', reference: 'c1', at, postings },
  ...change,
});
const sale = [debit('receivable/x', usd('20.00')), credit('revenue/energy', usd('20.00'))];
const posted: JournalEvent = {
  type: 'EntryPosted',
  data: {
    ...{ party: 'US-CHG', kind: 'claim', reference: 'c1', at },
    postings: [
      { account: 'receivable/x', amount: '20.00', currency: 'USD' },
      { account: 'revenue/energy', amount: '-20.00', currency: 'USD' },
    ],
  },
};

function decide(history: readonly JournalEvent[], command: JournalEntry) {
  return journal.decide(fold(journal, history), command);
}

describe('the journal', () => {
  it('writes an entry that balances, once a cause', () => {
    expect(decide([], entry(sale))).toEqual({ accepted: true, events: [posted] });
    expect(decide([posted], entry(sale))).toEqual({ accepted: true, events: [] });
    expect(decide([posted], entry(sale, { kind: 'credit' }))).toMatchObject({ events: [{ data: { kind: 'credit' } }] });
  });

  it('refuses one that does not balance, also where two currencies would make up for each other', () => {
    expect(decide([], entry([debit('receivable/x', usd('20.00'))]))).toEqual({ accepted: false, rejection: 'not-balanced' });
    const mixed = [debit('receivable/x', usd('20.00')), credit('revenue/energy', Money.parse('20.00', 'EUR'))];
    expect(decide([], entry(mixed))).toEqual({ accepted: false, rejection: 'not-balanced' });
  });

  it('writes an account once, and of what is worth nothing that it was looked at', () => {
    const halves = [debit('a', usd('1.00')), debit('a', usd('1.00')), credit('b', usd('2.00')), credit('c', usd('0'))];
    expect(decide([], entry(halves))).toMatchObject({ events: [{ data: { postings: [{ amount: '2.00' }, { amount: '-2.00' }] } }] });
    expect(decide([], entry([debit('a', usd('0'))]))).toMatchObject({ events: [{ data: { postings: [] } }] });
  });

  it('keeps a cause in the stream of the day that it names itself', () => {
    expect(journalStream(entry(sale))).toBe('journal-US-CHG-2026-03-01');
  });

  it('holds nothing but balanced entries, one a cause, whatever comes in whatever order and however often', () => {
    const posting = fc.record({
      account: fc.constantFrom('a', 'b', 'c'),
      amount: fc
        .tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom('EUR', 'JPY'))
        .map(([minor, of]) => Money.ofMinor(BigInt(minor), of)),
    });
    const entries = fc.array(fc.record({ reference: fc.integer({ max: 5 }).map(String), postings: fc.array(posting, { maxLength: 4 }) }));
    fc.assert(
      fc.property(entries, (commands) => {
        const history: JournalEvent[] = [];
        for (const command of commands) {
          const decision = decide(history, entry(command.postings, command));
          if (decision.accepted) history.push(...decision.events);
          else expect(isBalanced(command.postings)).toBe(false);
        }
        const references = history.map(({ data }) => data.reference);
        expect(new Set(references).size).toBe(references.length);
        expect([...references].sort()).toEqual(
          [...new Set(commands.filter(({ postings }) => isBalanced(postings)).map(({ reference }) => reference))].sort(),
        );
        for (const { data } of history) {
          const stored = data.postings.map(({ account, amount, currency }) => ({ account, amount: Money.parse(amount, currency) }));
          expect(isBalanced(stored)).toBe(true);
          expect(stored.some(({ amount }) => amount.isZero)).toBe(false);
        }
      }),
    );
  });
});
