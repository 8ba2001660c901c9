import type { TokenRecord } from '@evenkeel/contracts';
import { localVerdict } from './token-verdict';

const now = '2026-03-01T10:00:00.000Z';
const token = (changes: Partial<TokenRecord> = {}): TokenRecord => ({
  party: 'US-MOB',
  uid: 'A',
  type: 'RFID',
  contractId: 'C',
  issuer: 'I',
  valid: true,
  whitelist: 'NEVER',
  lastUpdated: now,
  ...changes,
});

describe('the verdict on a token', () => {
  it.each([
    ['unknown', undefined, true, 'Invalid', 'never'],
    ['our own', token(), true, 'Accepted', 'never'],
    ['not valid, whatever its whitelist says', token({ valid: false, whitelist: 'ALWAYS' }), false, 'Blocked', 'never'],
    ['expired', token({ expiresAt: now }), true, 'Expired', 'never'],
    ['of a partner, whitelist ALWAYS', token({ whitelist: 'ALWAYS' }), false, 'Accepted', 'never'],
    ['of a partner, whitelist ALLOWED', token({ whitelist: 'ALLOWED' }), false, 'Accepted', 'never'],
    ['of a partner, whitelist ALLOWED_OFFLINE', token({ whitelist: 'ALLOWED_OFFLINE' }), false, 'Accepted', 'ask-or-accept'],
    ['of a partner, whitelist NEVER', token(), false, 'Invalid', 'ask'],
  ] as const)('RTA-2, RTA-3: %s', (_, known, own, verdict, ask) => {
    expect(localVerdict(known, own, now)).toEqual({ verdict, ask });
  });
});
