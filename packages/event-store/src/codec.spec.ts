import { codecOf } from './codec';
import { parsePosition, positionOf, type StoredEvent, UnreadableEvent } from './event-store';

type Measured = { type: 'Measured'; data: { wh: string } };
// Version 1 had a number of kWh.
const codec = codecOf<Measured>({ Measured: [(old) => ({ wh: String((old as { kwh: number }).kwh * 1000) })] });
const stored = (data: unknown, version?: number): StoredEvent => ({
  id: '1',
  type: 'Measured',
  data,
  metadata: version === undefined ? {} : { version },
  stream: 'meter-1',
  revision: 3,
  position: positionOf(1n, 1n),
  recordedAt: '2026-01-01T00:00:00.000Z',
});

describe('a codec', () => {
  it('writes the newest version and brings older ones up to it', () => {
    expect(codec.encode({ type: 'Measured', data: { wh: '1' } }, 'id', { causedBy: 'x' })).toEqual({
      id: 'id',
      type: 'Measured',
      data: { wh: '1' },
      metadata: { causedBy: 'x', version: 2 },
    });
    expect(codec.decode(stored({ kwh: 2 })).data).toEqual({ wh: '2000' });
    expect(codec.decode(stored({ wh: '7' }, 2)).data).toEqual({ wh: '7' });
  });

  it('refuses what it cannot know, naming stream and revision', () => {
    expect(() => codec.decode(stored({ wh: '7' }, 3))).toThrow(/meter-1@3: Measured has version 3, newer/);
    expect(() => codec.decode({ ...stored({}), type: 'Weighed' })).toThrow(UnreadableEvent);
    expect(() => parsePosition('12')).toThrow(UnreadableEvent);
  });
});
