// A disk for the event store that can run full: a small filesystem of its own where the user may mount one, and else a limit on the size of
// the process' files, which fails the same writes. The rest of the machine notices neither.
import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOMY_BYTES = 1024 ** 3;
const PAGE_BYTES = 4096;

export interface SmallDisk {
  /** How it runs full, for the report. */
  readonly how: string;
  fill(pid: number): Promise<void>;
  free(pid: number): Promise<void>;
  /** Once nothing uses it any more. */
  remove(): Promise<void>;
}

export async function smallDiskAt(folder: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${ROOMY_BYTES}`, 'evenkeel-chaos', folder]);
  } catch {
    // Not root, or a container that may not mount.
    return limitedFiles;
  }
  const resize = (bytes: number) => run('mount', ['-o', `remount,size=${bytes}`, folder]);
  return {
    how: 'a filesystem of its own, shrunk to what is used',
    async fill() {
      // More may be written while it is measured: then the size is below what is used, the kernel refuses it, and it is measured again.
      for (;;) {
        const { blocks, bfree, bsize } = await statfs(folder);
        const done = await resize((blocks - bfree) * bsize + PAGE_BYTES).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    },
    free: async () => void (await resize(ROOMY_BYTES)),
    remove: async () => void (await run('umount', [folder])),
  };
}

const limitedFiles: SmallDisk = {
  how: 'a limit on the size of its files (prlimit), because no filesystem could be mounted',
  fill: async (pid) => void (await run('prlimit', ['--pid', String(pid), '--fsize=4096:'])),
  free: async (pid) => void (await run('prlimit', ['--pid', String(pid), '--fsize=unlimited:'])),
  remove: async () => undefined,
};
