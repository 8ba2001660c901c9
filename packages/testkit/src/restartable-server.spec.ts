import { freePort, isFree } from './free-port';
import { RestartableServer } from './restartable-server';

/** Listens, and starts a child of its own that listens as well. */
const script = (port: number, childPort: number) => `
  const listen = (port) => require('node:net').createServer().listen(port, '127.0.0.1', () => process.stdout.write('ready\\n'));
  if (process.argv[1] === 'child') listen(${childPort});
  else require('node:child_process').spawn(process.execPath, ['-e', 'require("node:net").createServer().listen(${childPort}, "127.0.0.1")'])
    .once('spawn', () => listen(${port}));`;

it('is killed with what it started, stays away as long as it should, and comes back as it was', async () => {
  const [port, childPort] = [await freePort(), await freePort()];
  const args = ['-e', script(port, childPort)];
  const server = await RestartableServer.start({ name: 'server', command: process.execPath, args, readyWhen: (line) => line === 'ready' });
  const first = server.process;
  while (await isFree(childPort)) await new Promise((resolve) => setTimeout(resolve, 10));
  const back = server.crash(300);
  expect(await first.ended).toBe('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([await isFree(port), await isFree(childPort)]).toEqual([true, true]);
  await back;
  expect(server.process.pid).not.toBe(first.pid);
  expect(await isFree(port)).toBe(false);
  await server.process.kill();
  await server.stop();
});
