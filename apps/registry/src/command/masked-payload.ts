// What of a payload is kept: no secrets, and a token or a customer only by a key.
import { renamedPayload } from '@evenkeel/contracts';
import { withoutSecrets } from '@evenkeel/ocpp';
import type { IdentityVault } from '../identity/identity-vault';

export function maskedPayload(payload: object, vault: Pick<IdentityVault, 'tokenKey'>): Record<string, unknown> {
  const masked = renamedPayload(withoutSecrets(payload) as object, { token: (uid) => vault.tokenKey(uid) });
  const { customerIdentifier } = masked;
  return typeof customerIdentifier === 'string' ? { ...masked, customerIdentifier: vault.tokenKey(customerIdentifier) } : masked;
}
