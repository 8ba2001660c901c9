import fc from 'fast-check';
import { FrameLog } from './frame-log';

it('gives back the frames of a station, the newest last', () => {
  const log = new FrameLog(10_000);
  const first = log.write(0, 'in', 1_000, '[2,"a","Heartbeat",{}]');
  const other = log.write(0, 'in', 1_001, '[2,"x","Heartbeat",{}]');
  const second = log.write(first, 'out', 1_002.5, '[3,"a",{"ä":"€"}]');
  expect(log.read(second, 10)).toEqual([
    { atMs: 1_000, direction: 'in', text: '[2,"a","Heartbeat",{}]', characters: 22 },
    { atMs: 1_002.5, direction: 'out', text: '[3,"a",{"ä":"€"}]', characters: 17 },
  ]);
  expect(log.read(second, 1)).toHaveLength(1);
  expect(log.read(other, 10)).toHaveLength(1);
  expect(log.read(0, 10)).toEqual([]);
});

it('keeps of a long frame only what it is', () => {
  const log = new FrameLog(10_000);
  const text = `[2,"a\\"b","SetNetworkProfile",{"basicAuthPassword":"${'x'.repeat(5_000)}"}]`;
  expect(log.read(log.write(0, 'out', 1, text), 1)).toMatchObject([{ text: '[2,"a\\"b","SetNetworkProfile"', characters: text.length }]);
  expect(log.read(log.write(0, 'in', 1, 'x'.repeat(5_000)), 1)).toMatchObject([{ text: '', characters: 5_000 }]);
});

it('whatever is written, what is read was written, in its order, and ends where it was overwritten', () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 200 })), { maxLength: 200 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1_000, max: 5_000 }), (written, bytes) => {
      const log = new FrameLog(bytes);
      const last = [0, 0, 0, 0];
      const texts: string[][] = [[], [], [], []];
      for (const [station, text] of written) {
        last[station] = log.write(last[station] ?? 0, 'in', 0, text);
        texts[station]?.push(Buffer.from(text).toString());
      }
      for (const [station, position] of last.entries()) {
        const read = log.read(position, 1_000).map(({ text }) => text);
        expect(read).toEqual(read.length === 0 ? [] : texts[station]?.slice(-read.length));
      }
      const newest = written.at(-1)?.[0];
      if (newest !== undefined) expect(log.read(last[newest] ?? 0, 1)).toHaveLength(1);
    }),
  );
});
