import { fold } from '@evenkeel/decider';
import fc from 'fast-check';
import { type BookedCdr, type CdrBookEvent, cdrBook, cdrBookWith, type NumberCdrs } from './cdr-book';

const cdr = (name: string, minute = 0): BookedCdr => ({ cdrId: name, issuedAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString() });
const numbered = (first: number, ...cdrs: BookedCdr[]): CdrBookEvent => ({ type: 'CdrsNumbered', data: { first, cdrs } });

function decide(history: readonly CdrBookEvent[], command: NumberCdrs, decider = cdrBook) {
  return decider.decide(fold(decider, history), command);
}

describe('the book of CDRs', () => {
  it('gives the first CDR number 1, and each following one the next', () => {
    expect(decide([], { cdrs: [cdr('a'), cdr('b')] })).toEqual({ accepted: true, events: [numbered(1, cdr('a'), cdr('b'))] });
    expect(decide([numbered(1, cdr('a'), cdr('b'))], { cdrs: [cdr('c')] })).toEqual({ accepted: true, events: [numbered(3, cdr('c'))] });
  });

  it('numbers no CDR twice, whether it comes again or twice at once', () => {
    expect(decide([numbered(1, cdr('a'))], { cdrs: [cdr('a')] })).toEqual({ accepted: true, events: [] });
    expect(decide([numbered(1, cdr('a'))], { cdrs: [cdr('b'), cdr('a'), cdr('b')] })).toEqual({
      accepted: true,
      events: [numbered(2, cdr('b'))],
    });
  });

  describe('that remembers two CDRs of three', () => {
    const small = cdrBookWith({ fullAt: 3, keep: 2 });
    const history: CdrBookEvent[] = [
      numbered(1, cdr('a', 1), cdr('b', 2), cdr('c', 3)),
      { type: 'CdrBookCarriedForward', data: { last: 3, latest: [cdr('b', 2), cdr('c', 3)], forgottenThrough: cdr('', 1).issuedAt } },
    ];

    it('carries forward all that it needs to go on', () => {
      const decision = decide([], { cdrs: [cdr('a', 1), cdr('b', 2), cdr('c', 3)] }, small);
      expect(decision).toEqual({ accepted: true, events: history });
      expect(fold(small, history.slice(1))).toEqual(fold(small, history));
      expect(decide(history.slice(1), { cdrs: [cdr('c', 3), cdr('d', 4)] }, small)).toMatchObject({
        events: [numbered(4, cdr('d', 4)), {}],
      });
    });

    it('asks for the whole book before it numbers what it may have forgotten', () => {
      const old = { cdrs: [cdr('a', 1), cdr('d', 4)] };
      expect(decide(history, old, small)).toEqual({ accepted: false, rejection: 'older-than-remembered' });
      const known = new Set(['a', 'b', 'c']);
      expect(decide(history, { ...old, known }, small)).toMatchObject({ events: [numbered(4, cdr('d', 4)), {}] });
      // Issued long ago and never seen: it gets its number late.
      expect(decide(history, { cdrs: [cdr('late', 0)], known }, small)).toMatchObject({ events: [numbered(4, cdr('late', 0)), {}] });
    });
  });

  it('has every CDR once and no gap, however CDRs are repeated, reordered and cut into batches, and however little it remembers', () => {
    const deliveries = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }), { maxLength: 40 });
    const limits = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }))
      .map(([keep, more]) => ({ keep, fullAt: keep + more }));
    fc.assert(
      fc.property(deliveries, limits, (batches, remembering) => {
        const decider = cdrBookWith(remembering);
        const history: CdrBookEvent[] = [];
        for (const batch of batches) {
          // As the store is read: from the newest event that carries everything forward.
          const from = history.findLastIndex(({ type }) => type === 'CdrBookCarriedForward');
          const recent = history.slice(Math.max(0, from));
          const cdrs = batch.map((name) => cdr(String(name), name));
          const quick = decide(recent, { cdrs }, decider);
          const decision = quick.accepted ? quick : decide(recent, { cdrs, known: new Set(idsIn(history)) }, decider);
          if (!decision.accepted) throw new Error('a book that was read in full refuses nothing');
          history.push(...decision.events);
        }
        expect([...idsIn(history)].sort()).toEqual([...new Set(batches.flat().map(String))].sort());
        expect(numbersIn(history)).toEqual(idsIn(history).map((_, index) => index + 1));
      }),
    );
  });
});

function idsIn(history: readonly CdrBookEvent[]): string[] {
  return history.flatMap((event) => (event.type === 'CdrsNumbered' ? event.data.cdrs.map(({ cdrId }) => cdrId) : []));
}

function numbersIn(history: readonly CdrBookEvent[]): number[] {
  return history.flatMap((event) => (event.type === 'CdrsNumbered' ? event.data.cdrs.map((_, index) => event.data.first + index) : []));
}
