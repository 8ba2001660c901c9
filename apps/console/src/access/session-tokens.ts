// Bearer tokens of logged-in operators: who, which role, until when, under an HMAC. Nothing is kept, so any replica can check them; a token
// cannot be taken back before it expires.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fits, Operator } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';

const HOUR_MS = 3_600_000;
/** Names the format; it is under the signature, so that no other format can be passed off as this one. */
const PREFIX = 'ek1';

const Claims = Type.Composite([Operator, Type.Object({ expiresAtMs: Type.Integer() })]);

export class SessionTokens {
  private readonly key: Buffer;

  /** @param secret hexadecimal. */
  constructor(
    secret: string,
    private readonly hours: number,
    private readonly now: () => number,
  ) {
    this.key = Buffer.from(secret, 'hex');
  }

  issue({ username, role }: Operator): { token: string; expiresAt: string } {
    const claims: Static<typeof Claims> = { username, role, expiresAtMs: this.now() + this.hours * HOUR_MS };
    const signed = `${PREFIX}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return { token: `${signed}.${this.signatureOf(signed).toString('base64url')}`, expiresAt: new Date(claims.expiresAtMs).toISOString() };
  }

  /** @returns undefined for a token that is not ours, was changed, or has expired. */
  verify(token: string): Operator | undefined {
    const [prefix, payload, signature, ...rest] = token.split('.');
    if (prefix !== PREFIX || payload === undefined || signature === undefined || rest.length > 0) return undefined;
    const given = Buffer.from(signature, 'base64url');
    const expected = this.signatureOf(`${prefix}.${payload}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!fits(Claims, claims) || claims.expiresAtMs <= this.now()) return undefined;
    return { username: claims.username, role: claims.role };
  }

  private signatureOf(signed: string): Buffer {
    return createHmac('sha256', this.key).update(signed).digest();
  }
}
