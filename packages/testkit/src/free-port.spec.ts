import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { freePort, isFree } from './free-port';

const take = (ports: number) => `
  const { freePort } = require(${JSON.stringify(require.resolve('../dist/free-port.js'))});
  Promise.all(Array.from({ length: ${ports} }, freePort)).then((taken) => process.stdout.write(taken.join(' ')));
  setTimeout(() => undefined, 1000);`;

describe('a free port', () => {
  it('is given once, to whichever process asks', async () => {
    const others = await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, ['-e', take(400)])));
    const mine = await Promise.all(Array.from({ length: 400 }, freePort));
    const together = others.map(({ stdout }) => stdout.split(' '));
    expect(new Set(together.flat()).size).toBe(1_200);
    expect(new Set(mine).size).toBe(400);
  });

  it('is one that a server can have', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
