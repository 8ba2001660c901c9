// Takes an OCMF record apart (Open Charge Metering Format, SAFE e.V.): "OCMF|{payload}|{signature}". What is signed are the bytes of the payload as
// they came, so it is cut out and never written anew.

export interface OcmfRecord {
  /** Exactly as it was signed. */
  readonly payloadText: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signature: OcmfSignature;
}

export interface OcmfSignature {
  /** Named by OCMF, e.g. "ECDSA-secp256r1-SHA256". */
  readonly algorithm: string;
  /** ASN.1 DER. */
  readonly bytes: Buffer;
}

const DEFAULT_ALGORITHM = 'ECDSA-secp256r1-SHA256';
const HEADER = 'OCMF|';

/**
 * @param text the record, or its Base64, which is how OCPP 2.0.1 carries it.
 * @returns the reason, in words, where it is no such record.
 */
export function readOcmf(text: string): { ok: true; record: OcmfRecord } | { ok: false; reason: string } {
  const plain = text.startsWith(HEADER) ? text : Buffer.from(text, 'base64').toString('utf8');
  if (!plain.startsWith(HEADER)) return { ok: false, reason: 'it does not begin with OCMF' };
  const end = plain.lastIndexOf('|');
  if (end < HEADER.length) return { ok: false, reason: 'it has no signature' };
  const payloadText = plain.slice(HEADER.length, end);
  const payload = objectIn(payloadText);
  if (payload === undefined) return { ok: false, reason: 'its payload is no JSON object' };
  const section = objectIn(plain.slice(end + 1));
  if (section === undefined) return { ok: false, reason: 'its signature is no JSON object' };
  const { SA = DEFAULT_ALGORITHM, SE = 'hex', SM = 'application/x-der', SD } = section;
  if (typeof SD !== 'string' || SD === '') return { ok: false, reason: 'its signature has no data' };
  if (SE !== 'hex' && SE !== 'base64') return { ok: false, reason: `its signature is encoded as ${String(SE)}` };
  if (SM !== 'application/x-der') return { ok: false, reason: `its signature is of the type ${String(SM)}` };
  return { ok: true, record: { payloadText, payload, signature: { algorithm: String(SA), bytes: Buffer.from(SD, SE) } } };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
