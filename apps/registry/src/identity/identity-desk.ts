// Takes what is told of drivers and tokens to their streams, sealed; and erases persons.
//
// An erasure is an event first and a destruction after it. Should the process die between the two, the relay comes to the event again and
// the destruction is made up for (`completeErasure`): no order of failures leaves a person half erased for long.
import {
  type Driver,
  type DriverErasure,
  type IssuedToken,
  idOf,
  type KnownToken,
  type PartyKey,
  Problem,
  type Reply,
  type Request,
  type Token,
  type TokenErasure,
  type TokenRecord,
} from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Position, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import type { Projector } from '@evenkeel/read-model';
import type { RegistryTables } from '../view/registry-tables';
import type { DataKeys } from './data-keys';
import {
  type IdentityCommand,
  type IdentityEvent,
  type IdentityRejection,
  type IdentityState,
  identity,
  identityCodec,
  tokenIn,
} from './identity';
import type { IdentityVault, TokenContent } from './identity-vault';

export class IdentityDesk {
  private readonly identities: StreamHandler<IdentityState, IdentityCommand, IdentityEvent, IdentityRejection>;

  constructor(
    private readonly store: EventStore,
    private readonly projector: Projector<RegistryTables>,
    private readonly vault: IdentityVault,
    private readonly keys: DataKeys,
    private readonly requester: Pick<Requester<'registry'>, 'ask'>,
    private readonly ownParty: PartyKey,
  ) {
    this.identities = new StreamHandler({
      store,
      decider: identity,
      codec: identityCodec,
      cachedStates: 1_000,
      // A partner's list brings many that are new.
      likelyFirst: ({ kind }) => kind === 'receive-token',
    });
  }

  /** @throws Problem `conflict` for a driver who was erased. */
  async putDriver(driver: Driver, context: CommandContext): Promise<Driver> {
    const stream = this.vault.driverStream(driver.party, driver.driverId);
    await this.put(stream, { kind: 'put-driver', driver: await this.vault.sealDriver(driver) }, context);
    return driver;
  }

  /** @throws Problem `conflict` for a token that was erased, or whose driver was. */
  async putToken(token: Token, context: CommandContext): Promise<KnownToken> {
    const issued = this.vault.issued(token);
    await this.refuseErasedDriver(token);
    const record = { ...token, lastUpdated: new Date().toISOString() };
    const [sealed] = await this.vault.sealTokens([{ token: record }]);
    if (!sealed) throw new Error('a token was sealed');
    const { sealed: kept } = await this.put(this.vault.tokenStream(issued), { kind: 'put-token', token: sealed }, context);
    const [content] = await this.vault.openAll<TokenContent>([kept]);
    return { ...(content?.token ?? record), key: issued.key };
  }

  /** One that was erased stays so, whatever its partner sends. */
  async keepPartnerTokens({ cause, tokens }: Request<'keepPartnerTokens'>): Promise<Reply<'keepPartnerTokens'>> {
    const sealed = await this.vault.sealTokens(tokens);
    const outcomes = await Promise.all(
      sealed.map(async (token) => {
        const stream = this.vault.tokenStream(token);
        const handled = await this.identities.handle(stream, { kind: 'receive-token', token }, { cause: idOf(cause, stream) });
        if (!handled.accepted) await this.keys.destroy(stream);
        return handled.accepted && handled.events.length > 0 && handled.revision === 0;
      }),
    );
    return { created: outcomes.filter((created) => created).length };
  }

  /** As stored, whether or not the tables show it yet. */
  async findPartnerToken({ party, token }: Request<'findPartnerToken'>): Promise<Reply<'findPartnerToken'>> {
    const content = await this.contentOf(this.vault.presentedStream(party, token));
    return content?.asSent === undefined ? {} : { asSent: content.asSent };
  }

  /** The version of the token that was in force at the instant, or its first one for an instant before it; undefined once it is erased. */
  async tokenAt(token: IssuedToken, at: string): Promise<TokenRecord | undefined> {
    const events = (await this.store.read(this.vault.tokenStream(token))).map((stored) => identityCodec.decode(stored));
    const versions = events.flatMap((event) => tokenIn(event) ?? []);
    const inForce = versions.findLast(({ lastUpdated }) => lastUpdated <= at) ?? versions[0];
    return inForce && (await this.vault.openAll<TokenContent>([inForce.sealed]))[0]?.token;
  }

  /** @throws Problem `not-found` for a driver whom nobody registered; one who was erased before is erased again. */
  async eraseDriver({ party, driverId }: Request<'eraseDriver'>, context: CommandContext): Promise<DriverErasure> {
    const stream = this.vault.driverStream(party, driverId);
    const held = await this.keys.heldBy(stream);
    // First of all: afterwards nobody could say any more which tokens are void.
    const partnersNotTold = await this.withdraw(held);
    const handled = await this.identities.handle(stream, { kind: 'erase-driver', party, holdsTokens: held.length > 0 }, context);
    if (!handled.accepted) throw new Problem('not-found', `there is no such driver of ${party}`);
    const shown = await this.completeErasure(stream, context);
    await this.shown(shown ?? handled.position);
    return { driverId, partnersNotTold };
  }

  /** @throws Problem `not-found` for a token that nobody has registered or sent. */
  async eraseToken({ token }: Request<'eraseToken'>, context: CommandContext): Promise<TokenErasure> {
    const stream = this.vault.tokenStream(token);
    const partnersNotTold = await this.withdraw([stream]);
    const handled = await this.identities.handle(stream, { kind: 'erase-token' }, context);
    if (!handled.accepted) throw new Problem('not-found', `there is no such token of ${token.party}`);
    await this.forget(stream);
    await this.shown(handled.position);
    return { ...token, partnersNotTold };
  }

  /** Destroys one key. */
  forget(stream: string): Promise<void> {
    return this.keys.destroy(stream);
  }

  /** Destroys the keys of a driver and of every token that the driver holds. @returns the position of the last event, where there was one. */
  async completeErasure(driverStream: string, context: CommandContext): Promise<Position | undefined> {
    await this.keys.destroy(driverStream);
    let last: Position | undefined;
    // Until none is left: one may have been registered a moment ago.
    for (let held = await this.keys.heldBy(driverStream); held.length > 0; held = await this.keys.heldBy(driverStream)) {
      for (const stream of held) {
        const handled = await this.identities.handle(stream, { kind: 'erase-token' }, { ...context, cause: idOf(driverStream, stream) });
        if (handled.accepted) last = handled.position ?? last;
        await this.keys.destroy(stream);
      }
    }
    return last;
  }

  /** A partner that cannot be told is no reason to keep a person: it is named in the answer. */
  private async withdraw(tokenStreams: readonly string[]): Promise<string[]> {
    const lastUpdated = new Date().toISOString();
    const tokens = (await Promise.all(tokenStreams.map((stream) => this.contentOf(stream))))
      .flatMap((content) => content?.token ?? [])
      // Partners' tokens are theirs to withdraw.
      .filter((token) => token.party === this.ownParty)
      .map((token): TokenRecord => ({ ...token, valid: false, lastUpdated }));
    if (tokens.length === 0) return [];
    try {
      return (await this.requester.ask('withdrawTokens', { tokens })).notTold;
    } catch (error) {
      if (error instanceof Problem) return [`all: ${error.message}`];
      throw error;
    }
  }

  private async contentOf(tokenStream: string): Promise<TokenContent | undefined> {
    const last = await this.store.readLast(tokenStream);
    const token = last && tokenIn(identityCodec.decode(last));
    return token && (await this.vault.openAll<TokenContent>([token.sealed]))[0];
  }

  private async put(stream: string, command: IdentityCommand, context: CommandContext) {
    const handled = await this.identities.handle(stream, command, context);
    if (!handled.accepted) {
      await this.keys.destroy(stream);
      throw new Problem('conflict', 'it was erased; register it under another id');
    }
    await this.shown(handled.position);
    const kept = handled.state.token ?? handled.state.driver;
    if (!kept) throw new Error(`${stream} holds nothing after it was written`);
    return kept;
  }

  private async refuseErasedDriver({ party, driverId }: Pick<TokenRecord, 'party' | 'driverId'>): Promise<void> {
    if (driverId === undefined) return;
    const last = await this.store.readLast(this.vault.driverStream(party, driverId));
    if (last?.type === 'DriverErased') throw new Problem('conflict', 'its driver was erased');
  }

  /** An operator's list must hold what that operator has just written. */
  private async shown(position: Position | undefined): Promise<void> {
    if (position !== undefined) await this.projector.reached(position);
  }
}
