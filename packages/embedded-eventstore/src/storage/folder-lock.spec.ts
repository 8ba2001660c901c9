import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../server-under-test';
import { lockFolder } from './folder-lock';

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held once and given back', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`in use by another event store of this process (${process.pid})`);
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('creates the folder', () => {
    const inner = join(folder, 'a', 'b');
    lockFolder(inner).release();
    expect(existsSync(inner)).toBe(true);
  });

  it('is taken over from a process that is gone', () => {
    writeFileSync(join(folder, 'lock'), '4194303 some-boot:123');
    const lock = lockFolder(folder);
    expect(readlinkSync(join(folder, 'lock'))).toMatch(new RegExp(`^${process.pid} `));
    lock.release();
  });

  it('is taken over when the process id lives on in another process', async () => {
    const other = spawn('sleep', ['30'], { stdio: 'ignore' });
    symlinkSync(`${other.pid} another-boot:1`, join(folder, 'lock'));
    lockFolder(folder).release();
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
  });

  it('is taken over when it is empty or holds nonsense', () => {
    for (const content of ['', 'nonsense', '-1 x']) {
      writeFileSync(join(folder, 'lock'), content);
      lockFolder(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
