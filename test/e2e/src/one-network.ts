// One running network for all cases that leave it as it was.
import { type NetworkUnderTest, PROMPT, START_MS, startNetwork } from './network-under-test';

export let net: NetworkUnderTest;

beforeAll(async () => {
  net = await startNetwork({ 'session-ledger': PROMPT });
}, START_MS);
afterAll(() => net?.stop(), 60_000);
