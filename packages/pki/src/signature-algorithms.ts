// Object identifiers of the signatures that are checked here, and the hash that each of them needs (RFC 5758, RFC 4055).
export const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

export const SIGNATURE_HASHES: Readonly<Record<string, string>> = {
  [ECDSA_WITH_SHA256]: 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
