import { RecentEventIds } from './recent-event-ids';

const CAPACITY = 65_536;

describe('the recent event ids', () => {
  it('know the newest events and forget the oldest', () => {
    const ids = new RecentEventIds();
    for (let position = 1; position <= CAPACITY + 10; position++) ids.remember(`id-${position}`, position);
    expect(ids.positionOf('id-10')).toBe(0);
    expect(ids.positionOf('id-11')).toBe(11);
    expect(ids.positionOf(`id-${CAPACITY + 10}`)).toBe(CAPACITY + 10);
    expect(ids.positionOf('never')).toBe(0);
  });

  it('keep an id that was appended again for as long as its newer event', () => {
    const ids = new RecentEventIds();
    ids.remember('repeated', 1);
    ids.remember('repeated', 2);
    ids.remember('other', 1 + CAPACITY);
    expect(ids.positionOf('repeated')).toBe(2);
    ids.remember('another', 2 + CAPACITY);
    expect(ids.positionOf('repeated')).toBe(0);
  });

  it('forget events that could not be stored', () => {
    const ids = new RecentEventIds();
    for (let position = 1; position <= 5; position++) ids.remember(`id-${position}`, position);
    ids.rollBackTo(3, 5);
    expect([1, 2, 3, 4, 5].map((number) => ids.positionOf(`id-${number}`))).toEqual([1, 2, 3, 0, 0]);
    ids.remember('next', 4);
    expect(ids.positionOf('next')).toBe(4);
  });
});
