// One process at a time on a data folder. Node has no flock, so the lock names its holder: process id, and the moment the process started,
// because ids are used again. A lock whose holder no longer lives (SIGKILL, power failure, a new container) is taken over.
//
// The name is the target of a symbolic link, which is made in one step and takes no room on the disk: a store that has filled its disk can
// be started again to be read.
import { linkSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefusedError } from '../start-refused-error';

const LOCK_FILE = 'lock';
const ATTEMPTS = 10;

export interface FolderLock {
  release(): void;
}

// The lock file cannot tell two stores of one process apart.
const heldHere = new Set<string>();

/** Creates the folder when it does not exist. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  if (heldHere.has(path)) throw new StartRefusedError(`${folder} is in use by another event store of this process (${process.pid}).`);
  const mine = holderOf(process.pid);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (tryTake(folder, path, mine)) {
      heldHere.add(path);
      return { release: () => release(path, mine) };
    }
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new StartRefusedError(
        `${folder} is in use by the event store of process ${holder.split(' ')[0]}. Stop it, or choose another folder.`,
      );
    }
    if (holder !== undefined) removeStale(path, holder);
  }
  throw new StartRefusedError(`The lock of ${folder} kept changing hands while this process tried to take it.`);
}

function release(path: string, mine: string): void {
  heldHere.delete(path);
  if (readHolder(path) === mine) rmSync(path);
}

/** Making a link is atomic and fails when the lock is there. */
function tryTake(folder: string, path: string, mine: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    symlinkSync(mine, path);
    return true;
  } catch (error) {
    // `folder` itself being a file is an EEXIST too.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (error as NodeJS.ErrnoException).syscall === 'symlink') return false;
    throw new StartRefusedError(`The data folder ${folder} cannot be written: ${(error as Error).message}`);
  }
}

/** Another process may have replaced the stale lock meanwhile: what was moved away is looked at again and given back if it is not stale. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside) !== stale) giveBack(aside, path);
  rmSync(aside, { force: true });
}

function giveBack(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    // Somebody was faster and holds the lock now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function readHolder(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // Earlier versions wrote a file.
    if (code === 'EINVAL') return readFileSync(path, 'utf8');
    throw error;
  }
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  return processStart(pid) !== undefined && holderOf(pid) === holder;
}

function holderOf(pid: number): string {
  return `${pid} ${processStart(pid)}`;
}

/** When the process started, in the kernel's own words; undefined for a process that is gone or only waits to be reaped. */
function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') return canBeSignalled(pid) ? 'alive' : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name in parentheses may contain spaces; behind it come the state (field 3) and the start time (field 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isGone = fields[0] === 'Z' || fields[0] === 'X';
    return isGone ? undefined : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function canBeSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
