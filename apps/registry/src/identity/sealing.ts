// The cryptography of identities, and nothing else of them: texts sealed under the keys of the persons that they are about, and keys
// wrapped under the master key. AES-256-GCM: what was changed, or sealed under another key, does not open.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The key of one subject, a driver or a token. */
export interface DataKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** One key of several, so that the loss of any of them is the loss of what is sealed under it. */
export interface JoinedKey {
  readonly ids: readonly string[];
  readonly secret: Buffer;
}

/** Opens only while every one of its keys exists. */
export interface Sealed {
  keys: string[];
  /** Nonce, tag and cipher text, base64. */
  text: string;
}

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function joined(keys: readonly DataKey[]): JoinedKey {
  const secrets = Buffer.concat(keys.map(({ secret }) => secret));
  const secret = Buffer.from(hkdfSync('sha256', secrets, Buffer.alloc(0), 'evenkeel identity', KEY_BYTES));
  return { ids: keys.map(({ id }) => id), secret };
}

export function seal(key: JoinedKey, text: string): Sealed {
  return { keys: [...key.ids], text: encrypt(key.secret, Buffer.from(text), '').toString('base64') };
}

/** @throws when the text was sealed under other keys or changed since. */
export function open(key: JoinedKey, { text }: Sealed): string {
  return decrypt(key.secret, Buffer.from(text, 'base64'), '').toString('utf8');
}

/** Tells whether two texts under the same keys are the same, and tells nobody anything once the keys are gone. */
export function digestOf(key: JoinedKey, text: string): string {
  return createHmac('sha256', key.secret).update(text).digest('hex');
}

/** @param label what the key is for: a wrapped key opens for nothing else. */
export function wrap(masterKey: Buffer, secret: Buffer, label: string): string {
  return encrypt(masterKey, secret, label).toString('base64');
}

/** @throws for another master key or another label. */
export function unwrap(masterKey: Buffer, wrapped: string, label: string): Buffer {
  return decrypt(masterKey, Buffer.from(wrapped, 'base64'), label);
}

function encrypt(key: Buffer, text: Buffer, label: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
  const encrypted = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

function decrypt(key: Buffer, bytes: Buffer, label: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(label));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
