// The public key of a meter in the spellings in which stations and operators have it: SubjectPublicKeyInfo (DER) in hex or Base64, PEM, or with
// the prefix of OCA's application note ("oca:base16:asn1:..."), itself in Base64 or not (OCPP 2.0.1 SignedMeterValueType.publicKey).
import { createPublicKey, type KeyObject } from 'node:crypto';

const OCA = /^oca:(base16|base64):asn1:(.+)$/s;
const HEX = /^(?:[0-9a-fA-F]{2})+$/;

/** @returns undefined for what is no key that we can read. */
export function publicKeyOf(text: string): KeyObject | undefined {
  const spelled = text.trim();
  const unwrapped = OCA.test(spelled) ? spelled : Buffer.from(spelled, 'base64').toString('latin1').trim();
  const [, base, encoded] = OCA.exec(unwrapped) ?? [];
  if (encoded !== undefined) return keyIn(Buffer.from(encoded, base === 'base16' ? 'hex' : 'base64'));
  if (spelled.startsWith('-----BEGIN')) return guarded(() => createPublicKey(spelled));
  return keyIn(HEX.test(spelled) ? Buffer.from(spelled, 'hex') : Buffer.from(spelled, 'base64'));
}

function keyIn(der: Buffer): KeyObject | undefined {
  return guarded(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
}

function guarded(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
