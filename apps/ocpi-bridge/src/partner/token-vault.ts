// Credentials tokens at rest. They must be readable again, because every request to a partner carries one and GET credentials returns one
// (OCPI 2.2.1 mod_credentials, GET); so they are encrypted, and found by a keyed hash. A lookup by that hash takes the same time whatever
// was guessed: without the key nobody can steer towards a stored value.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface SealedToken {
  /** AES-256-GCM: nonce, tag and cipher text, Base64. */
  sealed: string;
  /** HMAC-SHA-256, hexadecimal. */
  hash: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 43 characters; OCPI allows 64. */
const TOKEN_BYTES = 32;

export class TokenVault {
  private readonly cipherKey: Buffer;
  private readonly hashKey: Buffer;

  /** @param key 32 bytes, hexadecimal. */
  constructor(key: string) {
    const secret = Buffer.from(key, 'hex');
    this.cipherKey = derived(secret, 'evenkeel ocpi token encryption');
    this.hashKey = derived(secret, 'evenkeel ocpi token lookup');
  }

  newToken(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  seal(token: string): SealedToken {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.cipherKey, nonce);
    const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
    return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64'), hash: this.hashOf(token) };
  }

  /** @throws when the text was sealed with another key or changed since. */
  open({ sealed }: SealedToken): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.cipherKey, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }

  hashOf(token: string): string {
    return createHmac('sha256', this.hashKey).update(token).digest('hex');
  }
}

function derived(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32));
}
