// The decider of one token's authorizations at one station: what the token's issuer answered last, so that a start shortly after an
// Authorize does not ask again and the CDR can carry the issuer's reference.
import { idOf, type PartnerAuthorization, type PartyKey, type TokenType } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type AuthorizationObtained = PartnerAuthorization & { at: string };
export type AuthorizationEvent =
  | { type: 'AuthorizationObtained'; data: AuthorizationObtained }
  /** The issuer wants the token used here: it need not be asked. */
  | { type: 'AuthorizedByCommand'; data: { authorizationReference?: string; at: string } };
export interface AuthorizationState {
  last?: AuthorizationObtained & { byCommand?: true };
}

export const authorizationCodec: Codec<AuthorizationEvent> = codecOf<AuthorizationEvent>({
  AuthorizationObtained: [],
  AuthorizedByCommand: [],
});

export const authorization: Decider<AuthorizationState, AuthorizationEvent, AuthorizationEvent> = {
  initial: () => ({}),
  // The last word counts, whichever way it came (OCPI 2.2.1 mod_sessions, authorization_reference).
  evolve: (_, event) => ({
    last: event.type === 'AuthorizedByCommand' ? { ...event.data, verdict: 'Accepted', byCommand: true } : event.data,
  }),
  decide: (_, obtained) => accept<AuthorizationEvent>(obtained),
};

const COMMAND_SERVES_MS = 15 * 60_000;
/** Such a token is used by commands only: nobody can show it to the station (OCPI 2.2.1 TokenType). */
const COMMAND_SERVES_APP_MS = 24 * 3_600_000;
/** What a station's clock may be behind ours. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** Whether a command is what lets the token charge at the instant: for 15 minutes a card is not asked about again (OCPI 2.2.1 mod_commands). */
export function isByCommand({ last }: AuthorizationState, type: TokenType, at: string): boolean {
  if (last?.byCommand !== true) return false;
  const ageMs = Date.parse(at) - Date.parse(last.at);
  const isShown = type !== 'APP_USER' && type !== 'AD_HOC_USER';
  return ageMs >= -CLOCK_DIFFERENCE_MS && ageMs < (isShown ? COMMAND_SERVES_MS : COMMAND_SERVES_APP_MS);
}

export function authorizationStream(issuer: PartyKey, tokenKey: string, stationId: string): string {
  return `authorization-${idOf('authorization', issuer, tokenKey, stationId.toLowerCase())}`;
}
