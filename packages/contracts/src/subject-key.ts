// The one encoder for keys inside NATS subjects. A raw station id breaks a subject: `.`, `*` and `>` reshape it, a space ends it.

const PLAIN = /^[a-z0-9-]*$/;

/**
 * Encodes any text as one NATS subject token. Station ids are case-insensitive (OCPP 2.0.1 part 4, 3.1.1), so letters are folded;
 * every byte outside `a-z 0-9 -` becomes `_` and two hexadecimal digits, which keeps different keys different.
 */
export function subjectKey(key: string): string {
  const folded = key.toLowerCase();
  if (PLAIN.test(folded)) return folded;
  let encoded = '';
  for (const byte of Buffer.from(folded, 'utf8')) {
    const plain = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
    encoded += plain ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`;
  }
  return encoded;
}
