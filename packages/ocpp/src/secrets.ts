// What must not be kept or shown of a payload, in any version: passwords and keys of stations, and the credentials in URLs. Where a secret
// stood, three asterisks stand.
import { isJsonObject } from './frame';

export const MASK = '***';

/** Fields that are secrets wherever they stand (OCPP 2.1 NetworkConnectionProfileType, APNType, VPNType). */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['basicAuthPassword', 'apnPassword', 'password']);
/** Variables (OCPP 2.x) and configuration keys (OCPP 1.6) whose value is a secret. */
const SECRET_VARIABLES: ReadonlySet<string> = new Set(['authorizationkey', 'basicauthpassword', 'apnpassword', 'vpnpassword', 'vpnkey']);
const VALUES: ReadonlySet<string> = new Set(['value', 'attributeValue', 'actualValue']);
const CREDENTIALS_IN_URL = /^([a-z][a-z0-9+.-]*:\/\/)[^/@]+@/i;

export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'string') return value.replace(CREDENTIALS_IN_URL, `$1${MASK}@`);
  if (!isJsonObject(value)) return value;
  const isSecretVariable = namesSecret(value.key) || (isJsonObject(value.variable) && namesSecret(value.variable.name));
  // The key of a VPN stands beside its user.
  const isVpn = 'key' in value && 'server' in value && 'user' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const secret = SECRET_FIELDS.has(name) || (isSecretVariable && VALUES.has(name)) || (isVpn && name === 'key');
      if (!secret) return [name, withoutSecrets(item)];
      return [name, item === undefined || item === '' ? item : MASK];
    }),
  );
}

function namesSecret(name: unknown): boolean {
  return typeof name === 'string' && SECRET_VARIABLES.has(name.toLowerCase());
}
