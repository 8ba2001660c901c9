// The Authorization header: `Token ` and the Base64 of the token since 2.2, the raw token before (OCPI 2.2.1 transport_and_format,
// Authorization header). Several platforms still send it raw, and the specification's own examples decode to a token with a line break.

export function writeAuthorization(token: string): string {
  return `Token ${Buffer.from(token, 'utf8').toString('base64')}`;
}

/** @returns the tokens that the header may mean, the likeliest first: decoded, then as it stands. Empty without a usable header. */
export function readAuthorization(header: string | undefined): string[] {
  const match = /^token\s+(\S+)\s*$/i.exec(header ?? '');
  const raw = match?.[1];
  if (raw === undefined) return [];
  const decoded = decodedBase64(raw);
  return decoded === undefined ? [raw] : [decoded, raw];
}

function decodedBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('utf8').trim();
  // OCPI tokens are printable ASCII; anything else was no Base64 in the first place.
  return /^[\x21-\x7e]+$/.test(decoded) ? decoded : undefined;
}
