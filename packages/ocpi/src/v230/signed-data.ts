// Signed meter data in a CDR (OCPI 2.3.0 mod_cdrs, SignedData): each record whole and as the meter signed it, never written anew.
import type { SignedReading } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { ciString, text } from '../wire-schema';

/** Of what is signed, in 2.3.0; a part of it in 2.2.1. */
const LONGEST_PLAIN = 5_000;
const LONGEST_SIGNED = 5_000;
const LONGEST_KEY = 512;
const OCMF = 'OCMF|';

/** @param longestPlain characters that the version gives to what was signed. */
export const signedData = (longestPlain = LONGEST_PLAIN) =>
  Type.Object({
    encoding_method: ciString(36),
    encoding_method_version: Type.Optional(Type.Integer()),
    public_key: Type.Optional(ciString(LONGEST_KEY)),
    signed_values: Type.Array(Type.Object({ nature: ciString(32), plain_data: text(longestPlain), signed_data: text(LONGEST_SIGNED) }), {
      minItems: 1,
    }),
    url: Type.Optional(text(512)),
  });

export const WireSignedData = signedData();
export type WireSignedData = Static<typeof WireSignedData>;

/** What the station sent is the record or its Base64 (OCPP 2.0.1 SignedMeterValueType): OCPI wants both. */
export function toSignedData([first, ...others]: readonly SignedReading[], losses: string[]): { signed_data?: WireSignedData } {
  if (first === undefined) return {};
  const { encodingMethod } = first;
  const readings = [first, ...others];
  const publicKey = readings.findLast((reading) => reading.publicKey !== undefined)?.publicKey;
  if (readings.some((reading) => reading.encodingMethod !== encodingMethod)) return without(losses, 'it is encoded in more than one way');
  const signed_values = readings.map(({ nature, data }) => {
    const plain = data.startsWith(OCMF) ? data : Buffer.from(data, 'base64').toString('utf8');
    const isText = plain.startsWith(OCMF);
    return { nature, plain_data: isText ? plain : '', signed_data: data === plain ? Buffer.from(data).toString('base64') : data };
  });
  const longest = (field: 'plain_data' | 'signed_data') => Math.max(...signed_values.map((value) => value[field].length));
  if (longest('plain_data') > LONGEST_PLAIN || longest('signed_data') > LONGEST_SIGNED) return without(losses, 'a record is too long');
  if (publicKey !== undefined && publicKey.length > LONGEST_KEY) losses.push('the public key of the meter is too long');
  const key = publicKey === undefined || publicKey.length > LONGEST_KEY ? {} : { public_key: publicKey };
  return { signed_data: { encoding_method: encodingMethod, ...key, signed_values } };
}

function without(losses: string[], reason: string): { signed_data?: never } {
  losses.push(`without its signed meter data: ${reason}`);
  return {};
}
