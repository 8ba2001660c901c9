// Answers "may this token charge here?": from what we know, and where the token's issuer wants to be asked, from the issuer in real time.
import {
  type AuthorizeTokenRequest,
  type PartnerAuthorization,
  type PartyKey,
  Problem,
  type TokenAuthorization,
  type TokenRecord,
  type TokenReference,
} from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import { creditOf } from '../account/account';
import type { AccountDesk } from '../account/account-desk';
import type { IdentityVault } from '../identity/identity-vault';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';
import {
  type AuthorizationEvent,
  type AuthorizationObtained,
  authorization,
  authorizationCodec,
  authorizationStream,
} from './authorization';
import { localVerdict } from './token-verdict';

/** A token by its reference, and where it is shown. */
export interface Asked {
  token: TokenReference;
  stationId?: string;
  evseId?: number;
}

/** How long an issuer's answer serves the same token at the same station again. */
const ANSWER_SERVES_MS = 10 * 60_000;

export class AuthorizationDesk {
  private readonly answers: StreamHandler<{ last?: AuthorizationObtained }, AuthorizationObtained, AuthorizationEvent>;

  constructor(
    store: EventStore,
    private readonly catalogue: CatalogueView,
    private readonly stations: StationView,
    private readonly requester: Requester<'registry'>,
    private readonly vault: Pick<IdentityVault, 'tokenKey' | 'issued'>,
    private readonly ownParty: PartyKey,
    private readonly accounts: Pick<AccountDesk, 'find'>,
  ) {
    this.answers = new StreamHandler({ store, decider: authorization, codec: authorizationCodec });
  }

  authorize({ token: { uid, type }, stationId, evseId }: AuthorizeTokenRequest): Promise<TokenAuthorization> {
    return this.judge({ token: { key: this.vault.tokenKey(uid), type }, stationId, evseId });
  }

  /** Without a station it is a partner who asks, and about our own tokens only. */
  async judge({ token: asked, stationId, evseId }: Asked): Promise<TokenAuthorization> {
    const token = await this.catalogue.findToken(asked, stationId === undefined ? this.ownParty : undefined);
    const local = localVerdict(token, token?.party === this.ownParty, new Date().toISOString());
    if (token === undefined || stationId === undefined || local.ask === 'never') return this.withCredit(token, answerOf(token, local));
    const issuer = await this.issuerAnswer(token, asked, stationId, evseId);
    if (issuer) return answerOf(token, issuer);
    return answerOf(token, local.ask === 'ask-or-accept' ? { verdict: 'Accepted' } : { verdict: 'Invalid' });
  }

  /** A prepaid token may spend what is left, and nothing once that is gone (OCPP 2.1 C17). */
  private async withCredit(token: TokenRecord | undefined, answer: TokenAuthorization): Promise<TokenAuthorization> {
    if (token === undefined || answer.verdict !== 'Accepted') return answer;
    const limited = { ...answer, ...(token.limits ? { limits: token.limits } : {}) };
    if (token.prepaid === undefined || token.party !== this.ownParty) return limited;
    const balance = (await this.accounts.find(this.vault.issued(token)))?.balance ?? '0';
    const { verdict, maxCost } = creditOf(balance, token.limits?.maxCost);
    return { ...answer, verdict, uncached: true, limits: { ...token.limits, maxCost } };
  }

  /** @returns undefined when the issuer cannot be reached. */
  private async issuerAnswer(
    token: TokenRecord,
    asked: TokenReference,
    stationId: string,
    evseId: number | undefined,
  ): Promise<PartnerAuthorization | undefined> {
    const stream = authorizationStream(token.party, asked.key, stationId);
    const { last } = (await this.answers.load(stream)).state;
    if (last?.verdict === 'Accepted' && Date.now() - Date.parse(last.at) < ANSWER_SERVES_MS) return last;
    const place = await this.stations.placeOf(stationId, evseId);
    let answer: PartnerAuthorization;
    try {
      answer = await this.requester.ask('authorizeWithPartner', {
        party: token.party,
        token: { uid: token.uid, type: asked.type },
        ...place,
      });
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
    const at = new Date().toISOString();
    await this.answers.handle(stream, { ...answer, at }, { cause: `${stream}@${at}` });
    return answer;
  }
}

function answerOf(token: TokenRecord | undefined, answer: PartnerAuthorization): TokenAuthorization {
  return {
    verdict: answer.verdict,
    ...(answer.authorizationReference === undefined ? {} : { authorizationReference: answer.authorizationReference }),
    ...(token ? { token } : {}),
    ...(token?.groupId === undefined ? {} : { groupId: token.groupId }),
    ...(token?.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
  };
}
