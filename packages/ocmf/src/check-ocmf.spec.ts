// Records that are made and signed here, with keys of every curve that OCMF names, and then changed in all the ways that must be noticed.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { checkOcmf } from './check-ocmf';

const payload = (more: object = {}) => ({
  FV: '1.0',
  GI: 'Acme Gateway',
  GS: '72123',
  PG: 'T12345',
  MV: 'Acme',
  MS: 'M-0815',
  IS: true,
  IL: 'VERIFIED',
  IT: 'ISO14443',
  ID: '1F2D3A4F5506C7',
  RD: [
    { TM: '2026-03-01T10:00:00,000+0100 S', TX: 'B', RV: 2935.6, RI: '1-b:1.8.0', RU: 'kWh', RT: 'AC', EF: '', ST: 'G' },
    { TM: '2026-03-01T11:00:00,000+0100 S', TX: 'E', RV: 2942.0125 },
  ],
  ...more,
});

function signed(key: KeyObject, text: string, section: object = {}): string {
  const SD = sign('sha256', Buffer.from(text), key).toString('hex');
  return `OCMF|${text}|${JSON.stringify({ SA: 'ECDSA-secp256r1-SHA256', SD, ...section })}`;
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const der = publicKey.export({ format: 'der', type: 'spki' });
const hex = der.toString('hex');
// With a space that no second writing of the JSON would keep.
const text = JSON.stringify(payload()).replace('"FV":', '"FV": ');
const record = signed(privateKey, text);

it('is valid by its key, byte for byte, and tells what the meter read', () => {
  expect(checkOcmf(record, hex)).toEqual({
    verdict: 'valid',
    meterSerial: 'M-0815',
    readings: [
      { time: '2026-03-01T10:00:00,000+0100 S', transaction: 'B', identification: '1-b:1.8.0', energyWh: '2935600', status: 'G' },
      { time: '2026-03-01T11:00:00,000+0100 S', transaction: 'E', identification: '1-b:1.8.0', energyWh: '2942012.5', status: 'G' },
    ],
  });
});

it.each([
  ['hexadecimal', hex],
  ['hexadecimal, in capitals', hex.toUpperCase()],
  ['Base64', der.toString('base64')],
  ['PEM', String(publicKey.export({ format: 'pem', type: 'spki' }))],
  ['the prefix of OCA', `oca:base16:asn1:${hex}`],
  ['the prefix of OCA, in Base64', Buffer.from(`oca:base16:asn1:${hex}`).toString('base64')],
])('takes a key in %s', (_, key) => {
  expect(checkOcmf(record, key).verdict).toBe('valid');
});

it('takes a record in Base64, and a signature in Base64', () => {
  expect(checkOcmf(Buffer.from(record).toString('base64'), hex).verdict).toBe('valid');
  const SD = sign('sha256', Buffer.from(text), privateKey).toString('base64');
  expect(checkOcmf(`OCMF|${text}|${JSON.stringify({ SE: 'base64', SD })}`, hex).verdict).toBe('valid');
});

it.each([
  ['secp192k1', 'ECDSA-secp192k1-SHA256'],
  ['secp256k1', 'ECDSA-secp256k1-SHA256'],
  ['prime192v1', 'ECDSA-secp192r1-SHA256'],
  ['secp384r1', 'ECDSA-secp384r1-SHA256'],
  ['brainpoolP256r1', 'ECDSA-brainpool256r1-SHA256'],
  ['brainpoolP384r1', 'ECDSA-brainpool384r1-SHA256'],
])('checks the curve %s', (namedCurve, SA) => {
  const pair = generateKeyPairSync('ec', { namedCurve });
  const key = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
  const made = signed(pair.privateKey, text, { SA });
  expect(checkOcmf(made, key).verdict).toBe('valid');
  expect(checkOcmf(made.replace('2935.6', '2934.6'), key).verdict).toBe('invalid');
});

describe('is not valid', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
  const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
  it.each([
    ['with another number', record.replace('2942.0125', '2932.0125'), hex, 'invalid'],
    ['written anew with the same content', record.replace('"FV": ', '"FV":'), hex, 'invalid'],
    ['by the key of another meter', record, other, 'invalid'],
    ['by a key of another curve', record, k1, 'invalid'],
    ['without a key', record, undefined, 'no-key'],
    ['with an empty key, which a station sends that has told it before', record, '', 'no-key'],
    ['by something that is no key', record, 'deadbeef', 'unreadable'],
    ['by an algorithm that we do not know', record.replace('secp256r1', 'magic'), hex, 'unsupported'],
    ['without a signature', `OCMF|${text}`, hex, 'unreadable'],
    ['with a signature that is cut off', record.slice(0, -10), hex, 'unreadable'],
    ['as something else', '<signedMeterValue/>', hex, 'unreadable'],
    ['with a signature that is no DER', `OCMF|${text}|{"SD":"00ff"}`, hex, 'invalid'],
  ])('%s', (_, made, key, verdict) => {
    const check = checkOcmf(made, key);
    expect(check.verdict).toBe(verdict);
    expect(check.reason).toMatch(/\w+ \w+/);
  });
});

it('reads no energy out of what is none', () => {
  const RD = [{ TM: '2026-03-01T10:00:00,000+0100 S', TX: 'B', RV: '12.5', RU: 'Wh' }, { TM: 'x', RV: 1, RU: 'mOhm' }, 7, { RV: 3 }];
  const { readings } = checkOcmf(signed(privateKey, JSON.stringify(payload({ RD }))), hex);
  expect(readings).toEqual([{ time: '2026-03-01T10:00:00,000+0100 S', transaction: 'B', energyWh: '12.5' }, { time: 'x' }, { time: 'x' }]);
});
