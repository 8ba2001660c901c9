// Token (OCPI 2.2.1 mod_tokens): one type less than 2.3.0.
import { type Static, Type } from '@sinclair/typebox';
import { AuthorizationInfo, WireToken } from '../v230/token';
import { translated } from '../version';
import { openEnum } from '../wire-schema';

export const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] as const;

export const WireToken221 = Type.Object({ ...WireToken.properties, type: openEnum(...tokenTypes) });
const AuthorizationInfo221 = Type.Object({ ...AuthorizationInfo.properties, token: Type.Optional(WireToken221) });

export const token = translated(
  WireToken221,
  (wire) => wire,
  (object: Static<typeof WireToken>) => {
    const losses: string[] = [];
    return { wire: tokenTypeDown(object, losses), losses };
  },
);

export const authorization = translated(
  AuthorizationInfo221,
  (wire) => wire,
  ({ token: about, ...info }: AuthorizationInfo) => {
    const losses: string[] = [];
    return { wire: { ...info, ...(about === undefined ? {} : { token: tokenTypeDown(about, losses) }) }, losses };
  },
);

/** A contract that the car itself presents is known to this version as OTHER only. */
export function tokenTypeDown<T extends { type: string }>(token: T, losses: string[]): T {
  if (token.type !== 'EMAID') return token;
  losses.push('the token type EMAID is said as OTHER');
  return { ...token, type: 'OTHER' };
}
