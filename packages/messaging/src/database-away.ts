// Whether PostgreSQL is away for now: who waited for it asks again. Its package is not a dependency of this one; its errors are known by their codes.

/** SQLSTATE 57P01 to 57P03: the server stops, has crashed, is starting up. */
const AWAY: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', '57P01', '57P02', '57P03']);

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The driver has no code for a connection that broke, and its pool none for one that was not free in time.
  return AWAY.has(databaseCode(error)) || /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}

/** The SQLSTATE, or the code of the system call; empty where there is none. */
export function databaseCode(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
