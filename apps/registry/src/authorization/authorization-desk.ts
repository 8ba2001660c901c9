// Answers "may this token charge here?": from what we know, and where the token's issuer wants to be asked, from the issuer in real time.
import {
  type AuthorizeTokenRequest,
  type CommandAuthorization,
  type PartnerAuthorization,
  type PartyKey,
  Problem,
  type TokenAuthorization,
  type TokenRecord,
  type TokenReference,
  type TokenVerdict,
} from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import { creditOf } from '../account/account';
import type { AccountDesk } from '../account/account-desk';
import type { IdentityDesk } from '../identity/identity-desk';
import type { IdentityVault } from '../identity/identity-vault';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';
import {
  type AuthorizationEvent,
  type AuthorizationState,
  authorization,
  authorizationCodec,
  authorizationStream,
  isByCommand,
} from './authorization';
import { allowedAt } from './charging-places';
import { type ContractCheck, contractVerdict } from './contract-check';
import { localVerdict } from './token-verdict';

/** A token by its reference, where it is shown, and what for: `bill` asks who pays for what has begun already. */
export interface Asked {
  token: TokenReference;
  stationId?: string;
  evseId?: number;
  purpose?: 'authorize' | 'start' | 'stop' | 'bill';
  /** RFC 3339: the instant whose verdict counts; absent: now. */
  at?: string;
}

export interface AuthorizationPolicy {
  readonly ownParty: PartyKey;
  /** Its tokens stop any transaction and start none (OCPP 2.0.1 C16). */
  readonly masterPassGroup?: string;
  /** Whether a token that charges somewhere may start elsewhere. */
  readonly concurrentTx: 'allow' | 'refuse';
}

export interface AuthorizationParts {
  readonly store: EventStore;
  readonly catalogue: Pick<CatalogueView, 'findToken'>;
  readonly stations: Pick<StationView, 'find' | 'placeOf'>;
  readonly requester: Pick<Requester<'registry'>, 'ask'>;
  readonly vault: Pick<IdentityVault, 'tokenKey' | 'issued'>;
  readonly accounts: Pick<AccountDesk, 'find'>;
  readonly identities: Pick<IdentityDesk, 'tokenAt'>;
  readonly contracts: Pick<ContractCheck, 'statusOf'>;
  readonly policy: AuthorizationPolicy;
}

/** How long an issuer's answer serves the same token at the same station again. */
const ANSWER_SERVES_MS = 10 * 60_000;
/** What is older was told from an offline queue. */
const OFFLINE_AFTER_MS = 60_000;

export class AuthorizationDesk {
  private readonly answers: StreamHandler<AuthorizationState, AuthorizationEvent, AuthorizationEvent>;

  constructor(private readonly parts: AuthorizationParts) {
    this.answers = new StreamHandler({ store: parts.store, decider: authorization, codec: authorizationCodec });
  }

  async authorize({ token: { uid, type }, stationId, evseId, purpose, contract }: AuthorizeTokenRequest): Promise<TokenAuthorization> {
    const answer = await this.judge({ token: { key: this.parts.vault.tokenKey(uid), type }, stationId, evseId, purpose });
    if (contract === undefined) return answer;
    return { ...answer, ...contractVerdict(await this.parts.contracts.statusOf(contract, new Date()), answer.verdict) };
  }

  /** The issuer has commanded that the token be used at the station: from now on it is good there, whatever is known of it. */
  async authorizedByCommand(stationId: string, { issuer, token, authorizationReference }: CommandAuthorization, cause: string) {
    const stream = authorizationStream(issuer, this.parts.vault.tokenKey(token.uid), stationId);
    const reference = authorizationReference === undefined ? {} : { authorizationReference };
    const event = { type: 'AuthorizedByCommand' as const, data: { ...reference, at: new Date().toISOString() } };
    await this.answers.handle(stream, event, { cause: `${stream}@${cause}` });
  }

  /** Without a station it is a partner who asks, and about our own tokens only. */
  async judge(asked: Asked): Promise<TokenAuthorization> {
    const { token: reference, stationId, at = new Date().toISOString() } = asked;
    const { catalogue, policy } = this.parts;
    const present = await catalogue.findToken(reference, stationId === undefined ? policy.ownParty : undefined);
    const token = present && (await this.inForce(present, at));
    const byCommand = token && (await this.byCommand(token, asked, at));
    if (byCommand) return byCommand;
    const answer = await this.verdictOn(token, asked, at);
    if (token === undefined || answer.verdict !== 'Accepted') return answer;
    return this.limited(token, answer, asked);
  }

  /** What the issuer wants is not judged again: neither the token nor what else it does. */
  private async byCommand(token: TokenRecord, { token: reference, stationId }: Asked, at: string): Promise<TokenAuthorization | undefined> {
    if (stationId === undefined || token.party === this.parts.policy.ownParty) return undefined;
    // The command may have come in at another process.
    const { state } = await this.answers.loadNewest(authorizationStream(token.party, reference.key, stationId));
    const { last } = state;
    if (last === undefined || !isByCommand(state, token.type, at)) return undefined;
    return { ...answerOf(token, last), authMethod: 'COMMAND' };
  }

  /** The token as it was at the instant. */
  private async inForce(token: TokenRecord, at: string): Promise<TokenRecord> {
    if (Date.now() - Date.parse(at) < OFFLINE_AFTER_MS || token.lastUpdated <= at) return token;
    return (await this.parts.identities.tokenAt(this.parts.vault.issued(token), at)) ?? token;
  }

  private async verdictOn(token: TokenRecord | undefined, asked: Asked, at: string): Promise<TokenAuthorization> {
    const { stationId, evseId } = asked;
    const local = localVerdict(token, token?.party === this.parts.policy.ownParty, at);
    if (token === undefined || stationId === undefined || local.ask === 'never') return answerOf(token, local);
    const issuer = await this.issuerAnswer(token, asked.token, stationId, evseId);
    if (issuer) return { ...answerOf(token, issuer), authMethod: 'AUTH_REQUEST' };
    return answerOf(token, local.ask === 'ask-or-accept' ? { verdict: 'Accepted' } : { verdict: 'Invalid' });
  }

  /** What limits a good token: its group, its places, its other sessions, its credit. */
  private async limited(token: TokenRecord, answer: TokenAuthorization, asked: Asked): Promise<TokenAuthorization> {
    const { purpose = 'authorize' } = asked;
    const { masterPassGroup } = this.parts.policy;
    const isMaster = token.groupId !== undefined && token.groupId.toLowerCase() === masterPassGroup?.toLowerCase();
    if (isMaster) return purpose === 'start' || purpose === 'bill' ? refused(answer, 'Invalid') : answer;
    if (purpose === 'stop') return answer;
    const { verdict, evseIds } = await this.placesOf(token, asked);
    if (verdict !== 'Accepted') return refused(answer, verdict);
    const credit = await this.creditOf(token);
    const limits = credit ? { ...token.limits, maxCost: credit.maxCost } : token.limits;
    const uncached = credit ? { uncached: true as const } : {};
    const here = { ...answer, ...(evseIds ? { evseIds } : {}), ...(limits ? { limits } : {}), ...uncached };
    // What has begun is owed, whatever is left and wherever else the token charges; how far it may go is what is left.
    if (purpose === 'bill') return here;
    if (purpose === 'start' && (await this.chargesElsewhere(asked))) return refused(answer, 'ConcurrentTx');
    return credit && credit.verdict !== 'Accepted' ? refused(here, credit.verdict) : here;
  }

  private async placesOf(token: TokenRecord, { stationId, evseId }: Asked): Promise<ReturnType<typeof allowedAt>> {
    if (stationId === undefined || token.chargesAt === undefined) return { verdict: 'Accepted' };
    const station = await this.parts.stations.find(stationId);
    if (!station) return { verdict: 'Accepted' };
    return allowedAt(token.chargesAt, { locationId: station.location_id, evses: station.registered.evses }, evseId);
  }

  /** A start that is judged again is no second one: the token may run at this very EVSE (TX-12). A silent ledger refuses nobody. */
  private async chargesElsewhere({ token, stationId, evseId }: Asked): Promise<boolean> {
    if (this.parts.policy.concurrentTx === 'allow' || stationId === undefined) return false;
    try {
      const { sessions } = await this.parts.requester.ask('sessionsOfToken', { key: token.key });
      return sessions.some((session) => {
        const isHere = session.stationId.toLowerCase() === stationId.toLowerCase();
        return !isHere || (evseId !== undefined && session.evseId !== undefined && session.evseId !== evseId);
      });
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  /** A prepaid token may spend what is left, and nothing once that is gone (OCPP 2.1 C17). */
  private async creditOf(token: TokenRecord): Promise<ReturnType<typeof creditOf> | undefined> {
    if (token.prepaid === undefined || token.party !== this.parts.policy.ownParty) return undefined;
    const balance = (await this.parts.accounts.find(this.parts.vault.issued(token)))?.balance ?? '0';
    return creditOf(balance, token.limits?.maxCost);
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
    const isAnswer = last?.verdict === 'Accepted' && last.byCommand !== true;
    if (isAnswer && Date.now() - Date.parse(last.at) < ANSWER_SERVES_MS) return last;
    const place = await this.parts.stations.placeOf(stationId, evseId);
    let answer: PartnerAuthorization;
    try {
      answer = await this.parts.requester.ask('authorizeWithPartner', {
        party: token.party,
        token: { uid: token.uid, type: asked.type },
        ...place,
      });
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
    const at = new Date().toISOString();
    await this.answers.handle(stream, { type: 'AuthorizationObtained', data: { ...answer, at } }, { cause: `${stream}@${at}` });
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

/** Of a refused token no reference of its issuer and no limit is of use. */
function refused(
  { authorizationReference: _, limits: __, evseIds: ___, ...answer }: TokenAuthorization,
  verdict: TokenVerdict,
): TokenAuthorization {
  return { ...answer, verdict };
}
