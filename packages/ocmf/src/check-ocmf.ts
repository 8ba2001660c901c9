// Whether a signed meter record is what the meter signed, and what it says. A verdict is about the record alone: whether it agrees with what is
// billed is for whoever bills. Pure: the same record and key give the same verdict for ever.
import { type KeyObject, verify } from 'node:crypto';
import { Decimal } from '@evenkeel/money';
import { publicKeyOf } from './public-key';
import { type OcmfRecord, readOcmf } from './read-ocmf';

/**
 * `valid`: the signature is that of the key over the bytes that came. `invalid`: it is not. `no-key`: nobody has said by which key to check it.
 * `unreadable`: it is no OCMF record, or the key is none. `unsupported`: its algorithm is none that we check.
 */
export type OcmfVerdict = 'valid' | 'invalid' | 'no-key' | 'unreadable' | 'unsupported';

export interface OcmfCheck {
  readonly verdict: OcmfVerdict;
  /** In words, for every verdict but `valid`. */
  readonly reason?: string;
  /** Serial number of the meter (OCMF MS). */
  readonly meterSerial?: string;
  /** Told whatever the verdict, as far as they can be read. */
  readonly readings: readonly OcmfReading[];
}

export interface OcmfReading {
  /** As the meter wrote it, with how sure it was of its clock: "2026-03-01T10:00:00,000+0100 S". */
  readonly time: string;
  /** OCMF TX: B begin, E end, C in between, and so on. */
  readonly transaction?: string;
  /** OBIS code (OCMF RI). */
  readonly identification?: string;
  /** Decimal text, for readings of energy in Wh or kWh. */
  readonly energyWh?: string;
  /** OCMF ST: "G" is good. */
  readonly status?: string;
}

/** By the names of OCMF and those of OpenSSL. */
const CURVES: Readonly<Record<string, string>> = {
  'ECDSA-secp192k1-SHA256': 'secp192k1',
  'ECDSA-secp256k1-SHA256': 'secp256k1',
  'ECDSA-secp192r1-SHA256': 'prime192v1',
  'ECDSA-secp256r1-SHA256': 'prime256v1',
  'ECDSA-secp384r1-SHA256': 'secp384r1',
  'ECDSA-brainpool256r1-SHA256': 'brainpoolP256r1',
  'ECDSA-brainpoolP256r1-SHA256': 'brainpoolP256r1',
  'ECDSA-brainpool384r1-SHA256': 'brainpoolP384r1',
  'ECDSA-brainpoolP384r1-SHA256': 'brainpoolP384r1',
};

/** @param publicKey in any spelling of `public-key.ts`; empty where the station has not told it. */
export function checkOcmf(text: string, publicKey: string | undefined): OcmfCheck {
  const read = readOcmf(text);
  if (!read.ok) return { verdict: 'unreadable', reason: read.reason, readings: [] };
  const { record } = read;
  const { MS: serial } = record.payload;
  const said = { ...(typeof serial === 'string' ? { meterSerial: serial } : {}), readings: readingsOf(record) };
  if (publicKey === undefined || publicKey === '') return { verdict: 'no-key', reason: 'nobody has told the key of the meter', ...said };
  const key = publicKeyOf(publicKey);
  if (key === undefined) return { verdict: 'unreadable', reason: 'the key of the meter is no public key', ...said };
  return { ...verdictBy(key, record), ...said };
}

function verdictBy(key: KeyObject, { payloadText, signature: { algorithm, bytes } }: OcmfRecord): Pick<OcmfCheck, 'verdict' | 'reason'> {
  const curve = CURVES[algorithm];
  if (curve === undefined) return { verdict: 'unsupported', reason: `it is signed by ${algorithm}` };
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  // A key of another curve would verify what it has signed: the record would then not say how it was made.
  if (namedCurve !== curve)
    return { verdict: 'invalid', reason: `it is signed by ${algorithm}, and the key is of ${namedCurve ?? 'no curve'}` };
  if (verify('sha256', Buffer.from(payloadText, 'utf8'), key, bytes)) return { verdict: 'valid' };
  return { verdict: 'invalid', reason: 'the signature is not that of the key over these bytes' };
}

/** A reading leaves out what is as in the one before it (OCMF, RD). */
function readingsOf({ payload: { RD } }: OcmfRecord): OcmfReading[] {
  if (!Array.isArray(RD)) return [];
  const readings: OcmfReading[] = [];
  let inherited: Record<string, unknown> = {};
  for (const each of RD) {
    if (each === null || typeof each !== 'object') continue;
    inherited = { ...inherited, TX: undefined, ...(each as Record<string, unknown>) };
    const { TM, TX, RI, RV, RU, ST } = inherited;
    if (typeof TM !== 'string') continue;
    const energyWh = wattHours(RV, RU);
    readings.push({
      time: TM,
      ...(typeof TX === 'string' ? { transaction: TX } : {}),
      ...(typeof RI === 'string' ? { identification: RI } : {}),
      ...(energyWh === undefined ? {} : { energyWh }),
      ...(typeof ST === 'string' ? { status: ST } : {}),
    });
  }
  return readings;
}

function wattHours(value: unknown, unit: unknown): string | undefined {
  const text = typeof value === 'number' ? Decimal.fromJsonNumber(value).toString() : value;
  if (typeof text !== 'string' || !/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  const read = Decimal.parse(text);
  if (unit === 'Wh') return read.toString();
  if (unit !== 'kWh') return undefined;
  const wh = read.multiply(Decimal.of(1000n)).toString();
  return wh.includes('.') ? wh.replace(/\.?0+$/, '') : wh;
}
