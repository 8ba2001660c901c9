// Keyed hashes of what identifies a person. Facts, sessions and CDRs carry them in the place of card numbers: the same card has the same
// hash everywhere, and without the secret nobody can try out which card it is. An unkeyed hash would not do: there are few enough card
// numbers to try them all.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { PresentedToken, TokenReference } from './values';

/** 128 bits: no two cards share a hash, and 32 characters fit wherever a uid does. */
const LENGTH = 32;

export class IdentityHash {
  private readonly secret: KeyObject;

  /** @param secret at least 32 bytes, hexadecimal; the same in every service of a platform, for as long as its streams live. */
  constructor(secret: string) {
    this.secret = createSecretKey(Buffer.from(secret, 'hex'));
  }

  /** Tokens are compared without case (OCPP 2.0.1 identifierString, OCPI 2.2.1 CiString). */
  tokenKey(uid: string): string {
    return this.of('token', uid.toLowerCase());
  }

  referenceTo({ uid, type }: PresentedToken): TokenReference {
    return { key: this.tokenKey(uid), type };
  }

  /** Of anything else that identifies. @param purpose keeps equal texts of different meanings apart. */
  of(purpose: string, text: string): string {
    return createHmac('sha256', this.secret).update(`${purpose}\u001f${text}`).digest('hex').slice(0, LENGTH);
  }
}
