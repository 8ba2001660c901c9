// Station passwords are machine-made keys of 16 bytes and more, so a keyed hash protects them as well as a slow one would and lets
// thousands of stations reconnect at once. People's passwords are hashed slowly instead: see operator/operator.ts.
import { createHmac, timingSafeEqual } from 'node:crypto';

const SIXTEEN_TO_TWENTY_BYTES_IN_HEX = /^([0-9a-fA-F]{2}){16,20}$/;

/**
 * The hashes of every form in which a station may send the password: as text, and for a hexadecimal OCPP 1.6 AuthorizationKey as the bytes
 * that it denotes (security whitepaper, AuthorizationKey).
 */
export function passwordHashes(password: string, secret: string): string[] {
  const forms = [Buffer.from(password, 'utf8')];
  if (SIXTEEN_TO_TWENTY_BYTES_IN_HEX.test(password)) {
    // Field stations send the digits in either case.
    forms.push(Buffer.from(password, 'hex'), Buffer.from(password.toLowerCase()), Buffer.from(password.toUpperCase()));
  }
  return [...new Set(forms.map((form) => hashOf(form, secret)))];
}

/** @param received the raw bytes of the Basic credentials. Compares in constant time. */
export function passwordFits(received: Buffer, hashes: readonly string[], secret: string): boolean {
  const hash = Buffer.from(hashOf(received, secret), 'hex');
  let fits = false;
  for (const known of hashes) fits = timingSafeEqual(hash, Buffer.from(known, 'hex')) || fits;
  return fits;
}

function hashOf(password: Buffer, secret: string): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(password).digest('hex');
}
