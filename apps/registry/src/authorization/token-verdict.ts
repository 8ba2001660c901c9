// Whether a known token may charge, before anybody is asked (OCPI 2.2.1 mod_tokens, whitelist types).
import type { TokenRecord, TokenVerdict } from '@evenkeel/contracts';

export type LocalVerdict = { verdict: TokenVerdict; ask: 'never' | 'ask' | 'ask-or-accept' };

/** @param own whether the token is of the operator's own party: nobody else knows better about it. */
export function localVerdict(token: TokenRecord | undefined, own: boolean, at: string): LocalVerdict {
  if (!token) return { verdict: 'Invalid', ask: 'never' };
  // `valid: false` refuses whatever the whitelist says.
  if (!token.valid) return { verdict: 'Blocked', ask: 'never' };
  if (token.expiresAt !== undefined && token.expiresAt <= at) return { verdict: 'Expired', ask: 'never' };
  if (own) return { verdict: 'Accepted', ask: 'never' };
  switch (token.whitelist) {
    case 'ALWAYS':
    case 'ALLOWED':
      return { verdict: 'Accepted', ask: 'never' };
    case 'ALLOWED_OFFLINE':
      return { verdict: 'Accepted', ask: 'ask-or-accept' };
    case 'NEVER':
      return { verdict: 'Invalid', ask: 'ask' };
  }
}
