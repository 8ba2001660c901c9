// Station passwords are machine-made keys of 16 bytes and more, so a keyed hash protects them as well as a slow one would and lets
// thousands of stations reconnect at once. People's passwords are hashed slowly instead: see operator/operator.ts.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PasswordEncoding } from '@evenkeel/contracts';

/** `key`: of the bytes that the password denotes; `text`: of its characters, which mostly are the same. */
export interface PasswordHash {
  readonly form: 'key' | 'text';
  readonly hash: string;
}

export type FoundEncoding = Exclude<PasswordEncoding, 'auto'>;

const SIXTEEN_TO_TWENTY_BYTES_IN_HEX = /^([0-9a-fA-F]{2}){16,20}$/;
/** In this order, because digits that were sent as text would also fit as plain. */
const ENCODINGS: readonly FoundEncoding[] = ['bytes', 'hexText', 'plain'];

/** A hexadecimal OCPP 1.6 AuthorizationKey denotes bytes (security whitepaper, AuthorizationKey); any other password stands for itself. */
export function passwordHashes(password: string, secret: string): PasswordHash[] {
  const text = Buffer.from(password, 'utf8');
  const key = SIXTEEN_TO_TWENTY_BYTES_IN_HEX.test(password) ? Buffer.from(password, 'hex') : text;
  return [
    { form: 'key', hash: hashOf(key, secret) },
    { form: 'text', hash: hashOf(text, secret) },
  ];
}

/**
 * @param received the raw bytes of the Basic credentials; compared in constant time.
 * @returns how the station has sent the password, or nothing where it does not fit.
 */
export function fittingEncoding(
  received: Buffer,
  hashes: readonly PasswordHash[],
  secret: string,
  encoding: PasswordEncoding,
): FoundEncoding | undefined {
  const tried = encoding === 'auto' ? ENCODINGS : [encoding];
  return tried.find((each) => {
    const key = each === 'hexText' ? decodeHexText(received) : received;
    const form = each === 'plain' ? 'text' : 'key';
    return (
      key !== undefined &&
      isAmong(
        hashOf(key, secret),
        hashes.filter((known) => known.form === form),
      )
    );
  });
}

/** What events of version 1 held: the characters, and for hexadecimal digits the bytes and the digits in either case. */
export function hashesOfVersion1([text, key]: readonly string[]): PasswordHash[] {
  if (text === undefined) return [];
  return [
    { form: 'key', hash: key ?? text },
    { form: 'text', hash: text },
  ];
}

function isAmong(hash: string, known: readonly PasswordHash[]): boolean {
  let fits = false;
  for (const each of known) fits = timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(each.hash, 'hex')) || fits;
  return fits;
}

function decodeHexText(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1');
  return text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

function hashOf(password: Buffer, secret: string): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(password).digest('hex');
}
