import { accept, type Decider, fold, reject } from './decider';

type Event = { type: 'Opened' } | { type: 'Closed' };
const door: Decider<{ open: boolean; revision: number }, 'open' | 'close', Event, 'already-open'> = {
  initial: () => ({ open: false, revision: -1 }),
  evolve: (_, event, revision) => ({ open: event.type === 'Opened', revision }),
  decide: (state, command) => {
    if (command === 'close') return state.open ? accept<Event>({ type: 'Closed' }) : accept();
    return state.open ? reject('already-open' as const) : accept<Event>({ type: 'Opened' });
  },
};

describe('a decider', () => {
  it('folds its history in order and knows the revision of the last event', () => {
    expect(fold(door, [{ type: 'Opened' }, { type: 'Closed' }])).toEqual({ open: false, revision: 1 });
  });

  it('answers a command with events, with nothing, or with a rejection', () => {
    expect(door.decide(door.initial(), 'open')).toEqual({ accepted: true, events: [{ type: 'Opened' }] });
    expect(door.decide(door.initial(), 'close')).toEqual({ accepted: true, events: [] });
    expect(door.decide({ open: true, revision: 0 }, 'open')).toEqual({ accepted: false, rejection: 'already-open' });
  });
});
