import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IdentitiesUnderTest } from '../identity/identities-under-test';
import { importNetwork } from './import-network';
import { parseNetworkFile } from './network-file';

const at = '2026-03-01T10:00:00.000Z';
const secret = 'ab'.repeat(32);
const text = readFileSync(join(__dirname, '..', '..', '..', '..', 'infra', 'local', 'networks', 'chargem.json'), 'utf8');

it('a network file is imported once, and undoes no later change', async () => {
  const registry = await IdentitiesUnderTest.start();
  const { store, vault, view } = registry;
  const file = { ...parseNetworkFile(text), sites: [], tariffs: [] };
  const streams = file.operators.length + file.apiKeys.length + file.drivers.length + file.tokens.length;
  expect(await importNetwork(store, vault, file, secret, at)).toBe(streams);
  expect(await importNetwork(store, vault, file, secret, at)).toBe(0);
  const more = { ...file, tokens: file.tokens.map((token) => ({ ...token, issuer: 'Somebody else' })) };
  await importNetwork(store, vault, more, secret, at);
  await registry.rebuildTables();
  const { items } = await view.listTokens({});
  expect(items.map(({ issuer }) => issuer)).toEqual(['Chargem', 'Chargem']);
  await registry.stop();
}, 30_000);
