// Free ports for servers on the loopback interface only.
import { createServer } from 'node:net';

// Below the ports that Linux, macOS and Windows give to outgoing connections: such a connection could take the port of a server that has
// not started yet, or that is down for a moment.
const LOWEST = 15_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/** @returns a port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
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
