// Ports for servers of tests, on the loopback interface only.
import { createServer } from 'node:net';

/** @returns a port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : fail(new Error('no port'))));
    });
  });
}

/** @returns whether a server can listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
