// What of a payload is kept: no secrets, and a token only by its key.
import { renamedPayload } from '@evenkeel/contracts';
import { withoutSecrets } from '@evenkeel/ocpp';
import type { IdentityVault } from '../identity/identity-vault';

export function maskedPayload(payload: object, vault: Pick<IdentityVault, 'tokenKey'>): Record<string, unknown> {
  return renamedPayload(withoutSecrets(payload) as object, { token: (uid) => vault.tokenKey(uid) });
}
