// One running network for all cases that leave it as it was.
import { type NetworkUnderTest, PROMPT, START_MS, startNetwork } from './network-under-test';

/** Its services seal what they wrote twice a second. */
export let net: NetworkUnderTest;

beforeAll(async () => {
  const sealing = { SEAL_EVERY_MS: '500' };
  net = await startNetwork({ 'session-ledger': { ...PROMPT, ...sealing }, billing: sealing, registry: sealing });
}, START_MS);
afterAll(() => net?.stop(), 60_000);
