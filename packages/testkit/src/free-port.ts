// Free ports for servers on the loopback interface only.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Below the ports that Linux, macOS and Windows give to outgoing connections: such a connection could take the port of a server that has
// not started yet, or that is down for a moment.
const LOWEST = 15_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;
/** Processes that look for ports at the same time tell each other here which ones are theirs. */
const CLAIMS = join(tmpdir(), 'evenkeel-ports');

/** @returns a port that is free and that no other process was or will be given as long as this one lives. */
export async function freePort(): Promise<number> {
  mkdirSync(CLAIMS, { recursive: true });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (claim(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port was found between ${LOWEST} and ${HIGHEST}`);
}

/** @returns whether a server can listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** A claim ends with its process; one that is left over is taken away and serves at another attempt. */
function claim(port: number): boolean {
  const file = join(CLAIMS, String(port));
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isClaimed(file)) rmSync(file, { force: true });
    return false;
  }
}

function isClaimed(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // A file that was opened and not written yet names nobody; its process is at work.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
