import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPorts, defaultPorts, readPorts } from './addresses';
import { Secrets } from './secrets';

describe('the addresses of a laptop', () => {
  it('are the documented ones unless a variable moves them', () => {
    expect(readPorts({})).toEqual(defaultPorts);
    expect(readPorts({ OCPP_PORT: '19220', OCPI_PORT: '' })).toEqual({ ...defaultPorts, OCPP_PORT: 19220 });
    expect(new Set(Object.values(defaultPorts)).size).toBe(Object.keys(defaultPorts).length);
  });

  it('are refused by name when they are no ports, or are taken', async () => {
    expect(() => readPorts({ CONSOLE_PORT: 'nine' })).toThrow('CONSOLE_PORT=nine is not a port');
    expect(() => readPorts({ CONSOLE_PORT: '70000' })).toThrow('CONSOLE_PORT=70000 is not a port');
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(checkPorts({ ...defaultPorts, NATS_PORT: port })).rejects.toThrow(`port ${port} is taken; set NATS_PORT to another one`);
    await new Promise((resolve) => squatter.close(resolve));
  });
});

describe('the secrets of a laptop', () => {
  it('are drawn once, kept for the owner only, and differ by purpose', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-secrets-'));
    const first = await Secrets.of(folder);
    const again = await Secrets.of(folder);
    expect(first.for('nats', 'billing')).toMatch(/^[0-9a-f]{64}$/);
    expect(again.for('nats', 'billing')).toBe(first.for('nats', 'billing'));
    expect(first.for('nats', 'registry')).not.toBe(first.for('nats', 'billing'));
    expect((await stat(join(folder, 'secret'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'secret'), 'utf8')).not.toContain(first.for('nats', 'billing'));
    await rm(folder, { recursive: true });
  });
});
