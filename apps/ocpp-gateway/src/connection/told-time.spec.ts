import { ToldTime } from './told-time';

const at = (currentTime: string) => ({ status: 'Accepted', currentTime, interval: 300 });

it('RPC-96: a clock that is set back a little stands still for stations', () => {
  const told = new ToldTime();
  expect(told.tell(at('2026-03-01T10:00:00.900Z'))).toEqual(at('2026-03-01T10:00:00.900Z'));
  expect(told.tell(at('2026-03-01T10:00:00.200Z'))).toEqual(at('2026-03-01T10:00:00.900Z'));
  expect(told.tell(at('2026-03-01T10:00:01.000Z'))).toEqual(at('2026-03-01T10:00:01.000Z'));
});

it('RPC-96: a clock that was an hour ahead is followed back: the time told is true within a second', () => {
  const told = new ToldTime();
  told.tell(at('2026-03-01T11:00:00.000Z'));
  expect(told.tell(at('2026-03-01T10:00:00.000Z'))).toEqual(at('2026-03-01T10:00:00.000Z'));
});

it('an answer without a time is left alone', () => {
  const answer = { status: 'Accepted' };
  expect(new ToldTime().tell(answer)).toBe(answer);
});
