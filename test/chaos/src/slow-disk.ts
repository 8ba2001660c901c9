// Slows the fdatasync of a process down from outside, through ptrace: every call waits before it returns. Where strace is not installed or may
// not attach, the disk cannot be made slow, and the report says so.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than the longest delay of a call. */
const LETS_GO_WITHIN_MS = 3_000;

/** @returns whether the process was slowed down. */
export async function slowDown(pid: number, delayMs: number, forMs: number): Promise<boolean> {
  const inject = `inject=fdatasync:delay_exit=${delayMs * 1000}`;
  const strace = spawn('strace', ['-f', '-qq', '-p', String(pid), '-e', 'trace=fdatasync', '-e', inject, '-o', '/dev/null'], {
    stdio: 'ignore',
  });
  const ended = endOf(strace);
  const early = await Promise.race([ended.then(() => true), pause(forMs).then(() => false)]);
  // Interrupted, strace lets its process go on alone. Where the process is killed meanwhile, strace can wait for ever for one of its threads,
  // and nobody learns of the death; killed itself, it lets go of all of them.
  strace.kill('SIGINT');
  const killing = setTimeout(() => strace.kill('SIGKILL'), LETS_GO_WITHIN_MS);
  await ended;
  clearTimeout(killing);
  return !early;
}

async function endOf(process: ChildProcess): Promise<void> {
  await Promise.race([once(process, 'exit'), once(process, 'error').catch(() => undefined)]).catch(() => undefined);
}
