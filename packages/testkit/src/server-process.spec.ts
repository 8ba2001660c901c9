import { createServer } from 'node:net';
import { freePort, isFree } from './free-port';
import { startServer } from './server-process';

const node = (script: string) => ({ name: 'script', command: process.execPath, args: ['-e', script] });

describe('a server process', () => {
  it('is ready when it says so, and stops with SIGTERM', async () => {
    const lines: string[] = [];
    const script = `process.once('SIGTERM', () => { process.stdout.write('bye\\n'); process.exit(0); }); process.stdout.write('rea'+'dy\\n'); setInterval(() => 0, 1000);`;
    const server = await startServer({ ...node(script), readyWhen: (line) => line === 'ready', onLine: (line) => void lines.push(line) });
    await server.stop();
    expect(await server.ended).toBe(0);
    expect(lines).toEqual(['ready', 'bye']);
  });

  it('that ends before it is ready fails with its last lines', async () => {
    const start = startServer({ ...node(`process.stderr.write('the disk is full\\n'); process.exit(3);`), readyWhen: () => false });
    await expect(start).rejects.toThrow(/script ended \(3\) before it was ready:\nthe disk is full/);
  });

  it('that is never ready, or not wanted any more, is killed', async () => {
    const idle = node('setInterval(() => 0, 1000)');
    await expect(startServer({ ...idle, readyWhen: () => false, readyWithinMs: 200 })).rejects.toThrow(/was not ready within 200 ms/);
    const unwanted = new AbortController();
    const start = startServer({ ...idle, readyWhen: () => false, signal: unwanted.signal });
    unwanted.abort();
    await expect(start).rejects.toThrow(/before it was ready/);
  });

  it('that does not obey is killed after its grace', async () => {
    const script = `process.on('SIGTERM', () => 0); process.stdout.write('ready\\n'); setInterval(() => 0, 1000);`;
    const server = await startServer({ ...node(script), readyWhen: (line) => line === 'ready' });
    await server.stop(200);
    expect(await server.ended).toBe('SIGKILL');
  });
});

describe('a free port', () => {
  it('is free until somebody listens there', async () => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});
