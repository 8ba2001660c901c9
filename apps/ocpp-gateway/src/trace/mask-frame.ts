// A frame as a person may see it: cards as their keys, passwords, keys and what opens a door as dots, and what vendors and drivers alone may
// know left out. Frames of both directions go through here, answers too, which do not say what they answer: so it goes by the names of fields.
import { type IdentityHash, TOKEN_FIELDS } from '@evenkeel/contracts';
import { isJsonObject } from '@evenkeel/ocpp';

const MASK = '•••';

/** Secrets by their own name (SetNetworkProfile and its like). */
const SECRET_FIELD = /password|passphrase|secret|simpin|^key$|^privatekey$/i;
/** Secrets by the name of the variable or the configuration key that they are the value of. */
const SECRET_VARIABLE = /password|authorizationkey|secret|pin$|token|privatekey|credential/i;
/** What vendors, drivers and token readers say in words of their own. */
const UNTOLD: ReadonlySet<string> = new Set(['data', 'info', 'customData', 'customerIdentifier', 'userName', 'username', 'vpnUser']);
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** ftp://user:password@host */
const USER_IN_URL = /(\w+:\/\/)[^\s/@]+@/g;

export function maskFrame(text: string, identity: IdentityHash): string {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    // What cannot be read cannot be masked; that it was there, and how long, is told beside it.
    return MASK;
  }
  return JSON.stringify(masked(elements, '', identity));
}

function masked(value: unknown, name: string, identity: IdentityHash): unknown {
  if (TOKEN_FIELDS.has(name) && (typeof value === 'string' || typeof value === 'number')) return tokenKey(String(value), identity);
  if (UNTOLD.has(name)) return MASK;
  if (typeof value === 'string')
    return SECRET_FIELD.test(name) ? MASK : value.replace(PRIVATE_KEY, MASK).replace(USER_IN_URL, `$1${MASK}@`);
  if (Array.isArray(value)) return value.map((item) => masked(item, '', identity));
  return isJsonObject(value) ? maskedObject(value, identity) : value;
}

function maskedObject(value: Readonly<Record<string, unknown>>, identity: IdentityHash): unknown {
  const isSecret = SECRET_VARIABLE.test(variableOf(value)) || nameOf(value.component) === 'TokenReader';
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => {
      // The name of an OCPP 1.6 configuration key is called `key` too.
      if (name === 'key' && 'key' in value && ('value' in value || 'readonly' in value)) return [name, child];
      if (isSecret && (VALUES.has(name) || name === 'variableAttribute')) return [name, MASK];
      return [name, masked(child, name, identity)];
    }),
  );
}

const VALUES: ReadonlySet<string> = new Set(['value', 'attributeValue', 'actualValue']);

/** The variable (OCPP 2.x) or the key (1.6) that an object is about. */
function variableOf(value: Readonly<Record<string, unknown>>): string {
  if (typeof value.key === 'string' && ('value' in value || 'readonly' in value)) return value.key;
  return nameOf(value.variable);
}

function nameOf(named: unknown): string {
  return isJsonObject(named) && typeof named.name === 'string' ? named.name : '';
}

/** An empty token names nobody. */
function tokenKey(uid: string, identity: IdentityHash): string {
  return uid.trim() === '' ? uid : identity.tokenKey(uid.trim());
}
