// The decider of one token's authorizations at one station: what the token's issuer answered last, so that a start shortly after an
// Authorize does not ask again and the CDR can carry the issuer's reference.
import { idOf, type PartnerAuthorization, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type AuthorizationObtained = PartnerAuthorization & { at: string };
export type AuthorizationEvent = { type: 'AuthorizationObtained'; data: AuthorizationObtained };

export const authorizationCodec: Codec<AuthorizationEvent> = codecOf<AuthorizationEvent>({ AuthorizationObtained: [] });

export const authorization: Decider<{ last?: AuthorizationObtained }, AuthorizationObtained, AuthorizationEvent> = {
  initial: () => ({}),
  evolve: (_, event) => ({ last: event.data }),
  decide: (_, obtained) => accept<AuthorizationEvent>({ type: 'AuthorizationObtained', data: obtained }),
};

export function authorizationStream(issuer: PartyKey, tokenKey: string, stationId: string): string {
  return `authorization-${idOf('authorization', issuer, tokenKey, stationId.toLowerCase())}`;
}
