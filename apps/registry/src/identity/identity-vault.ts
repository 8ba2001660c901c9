// Between a person in clear and what may be stored of one: names streams without naming anybody, seals, and opens what can still be opened.
import {
  type Driver,
  IdentityHash,
  type IssuedToken,
  idOf,
  type PartyKey,
  type PresentedToken,
  type TokenRecord,
} from '@evenkeel/contracts';
import type { QueryExecutorProvider } from 'kysely';
import type { DataKeys, Subject } from './data-keys';
import { driverStreamPrefix, type SealedDriver, type SealedToken, tokenStreamPrefix } from './identity';
import { type DataKey, digestOf, joined, open, type Sealed, seal } from './sealing';

/** What is sealed of a token. `asSent` is a partner's own wording. */
export interface TokenContent {
  token: TokenRecord;
  asSent?: unknown;
}

/** Fields that move at every write and alone are no change. */
const CLOCK_FIELDS = ['lastUpdated', 'last_updated'];

export class IdentityVault {
  private readonly hash: IdentityHash;

  constructor(
    private readonly keys: DataKeys,
    identitySecret: string,
  ) {
    this.hash = new IdentityHash(identitySecret);
  }

  /** @throws WrongMasterKey when either secret is not the one of the first start. */
  async prove(): Promise<void> {
    await this.keys.prove(this.hash);
  }

  tokenKey(uid: string): string {
    return this.hash.tokenKey(uid);
  }

  issued({ party, uid, type }: Pick<TokenRecord, 'party' | 'uid' | 'type'>): IssuedToken {
    return { party, ...this.hash.referenceTo({ uid, type }) };
  }

  /** A token is known by issuer, uid and type (OCPI 2.2.1 mod_tokens). */
  tokenStream({ party, key, type }: IssuedToken): string {
    return `${tokenStreamPrefix}${idOf('token', party, key, type)}`;
  }

  presentedStream(party: PartyKey, { uid, type }: PresentedToken): string {
    return this.tokenStream(this.issued({ party, uid, type }));
  }

  driverStream(party: PartyKey, driverId: string): string {
    return `${driverStreamPrefix}${idOf('driver', party, this.hash.of('driver', driverId.toLowerCase()))}`;
  }

  /** A token of a driver is sealed under both their keys: it is forgotten with either. */
  async sealTokens(contents: readonly TokenContent[]): Promise<SealedToken[]> {
    const owned = contents.map((content) => {
      const issued = this.issued(content.token);
      return { content, issued, subjects: this.subjectsOf(issued, content.token) };
    });
    const keys = (await this.keys.ensure(owned.flatMap(({ subjects }) => subjects)))[Symbol.iterator]();
    return owned.map(({ content, issued, subjects }) => {
      const key = joined(subjects.map(() => keys.next().value as DataKey));
      const { token, asSent } = content;
      const digest = digestOf(key, JSON.stringify([timeless(token), timeless(asSent ?? {})]));
      return { ...issued, lastUpdated: token.lastUpdated, sealed: seal(key, JSON.stringify(content)), digest };
    });
  }

  async sealDriver(driver: Driver): Promise<SealedDriver> {
    const key = joined(await this.keys.ensure([{ subject: this.driverStream(driver.party, driver.driverId) }]));
    return { party: driver.party, sealed: seal(key, JSON.stringify(driver)), digest: digestOf(key, JSON.stringify(timeless(driver))) };
  }

  /** In the order of the sealed; undefined for what nobody can open any more. @param connection a transaction, where one is under way. */
  async openAll<T>(sealed: readonly Sealed[], connection?: QueryExecutorProvider): Promise<(T | undefined)[]> {
    const keys = await this.keys.find(
      sealed.flatMap((each) => each.keys),
      connection,
    );
    return sealed.map((each) => {
      const own = each.keys.map((id) => keys.get(id)).filter((key) => key !== undefined);
      return own.length < each.keys.length ? undefined : (JSON.parse(open(joined(own), each)) as T);
    });
  }

  private subjectsOf(issued: IssuedToken, { party, driverId }: TokenRecord): Subject[] {
    const subject = this.tokenStream(issued);
    if (driverId === undefined) return [{ subject }];
    const driver = this.driverStream(party, driverId);
    return [{ subject, driver }, { subject: driver }];
  }
}

function timeless(document: object): [string, unknown][] {
  return Object.entries(document)
    .filter(([name]) => !CLOCK_FIELDS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
