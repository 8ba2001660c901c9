// HTTP Basic credentials of a station. The password is bytes, not text: an OCPP 1.6 AuthorizationKey may contain any byte, 0x00 and
// colons included (OCPP-J 1.6 section 6.2), so nothing here decodes it as UTF-8.

export type BasicCredentials =
  | { readonly accepted: true; readonly password: Buffer }
  | { readonly accepted: false; readonly reason: 'missing' | 'notBasic' | 'notBase64' | 'otherUser' };

/**
 * Takes the password out of an Authorization header whose user must be the identity of the URL. The split is at the identity,
 * because the first and the last colon may both belong to something else.
 */
export function readBasicCredentials(authorization: string | undefined, identity: string): BasicCredentials {
  if (authorization === undefined) return { accepted: false, reason: 'missing' };
  const [, encoded] = /^basic +(.*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return { accepted: false, reason: 'notBasic' };
  // Buffer.from skips what is not base64 instead of refusing it.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return { accepted: false, reason: 'notBase64' };
  const credentials = Buffer.from(encoded, 'base64');
  const user = Buffer.from(`${identity}:`, 'utf8');
  if (!startsWithIgnoringCase(credentials, user)) return { accepted: false, reason: 'otherUser' };
  return { accepted: true, password: credentials.subarray(user.length) };
}

/**
 * How a station's key is to be read. OCPP 1.6 configures it as hexadecimal text and sends the bytes, but many stations send the text:
 * `auto` accepts both until it is known which one the station uses.
 */
export type PasswordEncoding = 'bytes' | 'hexText' | 'plain' | 'auto';

/** The keys that a received password may stand for, the most likely first. Each is to be compared by its own hash in constant time. */
export function passwordCandidates(received: Buffer, encoding: PasswordEncoding): Buffer[] {
  if (encoding === 'bytes' || encoding === 'plain') return [received];
  const decoded = decodeHexText(received);
  if (encoding === 'hexText') return decoded === undefined ? [] : [decoded];
  return decoded === undefined ? [received] : [received, decoded];
}

function decodeHexText(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1');
  return text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

function startsWithIgnoringCase(bytes: Buffer, prefix: Buffer): boolean {
  if (bytes.length < prefix.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (foldByte(bytes.readUInt8(index)) !== foldByte(prefix.readUInt8(index))) return false;
  }
  return true;
}

function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
