// Keeps the accounts of prepaid tokens: operators set and top up, issued CDRs are booked.
import { type Cdr, type IssuedToken, type PartyKey, Problem, type Request, type TokenAccount, type TokenRecord } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { CatalogueView } from '../view/catalogue-view';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountRejection,
  type AccountState,
  account,
  accountCodec,
  accountStream,
} from './account';

export class AccountDesk {
  private readonly accounts: StreamHandler<AccountState, AccountCommand, AccountEvent, AccountRejection>;

  constructor(
    store: EventStore,
    private readonly catalogue: Pick<CatalogueView, 'resolve'>,
    private readonly ownParty: PartyKey,
    private readonly log: Pick<Log, 'error'>,
  ) {
    // A balance that another process has changed must be seen at once.
    this.accounts = new StreamHandler({ store, decider: account, codec: accountCodec, cachedStates: 0 });
  }

  /** @returns undefined for a token without an account. */
  async find(token: IssuedToken): Promise<TokenAccount | undefined> {
    return (await this.accounts.load(accountStream(token))).state.account;
  }

  /** @throws Problem `not-found` for a token that is unknown, or is not prepaid. */
  async get({ token }: Request<'tokenAccount'>): Promise<TokenAccount> {
    const { prepaid } = await this.prepaidToken(token);
    return (await this.find(token)) ?? { ...token, balance: '0', ...prepaid };
  }

  async setBalance({ token, balance }: Request<'setTokenBalance'>, context: CommandContext): Promise<TokenAccount> {
    await this.prepaidIn(token, balance.currency);
    return this.take({ kind: 'set', token, ...balance }, context);
  }

  async topUp({ token, topUp }: Request<'topUpToken'>, context: CommandContext): Promise<TokenAccount> {
    await this.prepaidIn(token, topUp.currency);
    return this.take({ kind: 'top-up', token, ...topUp }, context);
  }

  /** Every CDR is booked once, at what its payer owes; tokens of others and those without an account are none of our business. */
  async book({ payer, cdrId, currency, total }: Cdr, cause: string): Promise<void> {
    if (payer.party !== this.ownParty) return;
    const token = { party: payer.party, key: payer.key, type: payer.type };
    if ((await this.find(token)) === undefined && (await this.known(token))?.prepaid === undefined) return;
    const amount = total.afterTaxes ?? total.beforeTaxes;
    const handled = await this.accounts.handle(accountStream(token), { kind: 'book', token, cdrId, amount, currency }, { cause });
    // No repetition would book it: a person must.
    if (!handled.accepted) this.log.error({ cdrId, currency }, 'a CDR is in another currency than the account of its token');
  }

  private async take(command: AccountCommand, context: CommandContext): Promise<TokenAccount> {
    const handled = await this.accounts.handle(accountStream(command.token), command, context);
    if (!handled.accepted) throw new Problem('conflict', 'the account is kept in another currency; set its balance to begin anew');
    const { account: left } = handled.state;
    if (left === undefined) throw new Error('an account has a balance once it is written');
    return left;
  }

  private async prepaidIn(token: IssuedToken, currency: string): Promise<void> {
    const { prepaid } = await this.prepaidToken(token);
    if (prepaid.currency !== currency) throw new Problem('invalid', `the token pays in ${prepaid.currency}`);
  }

  private async prepaidToken(token: IssuedToken): Promise<TokenRecord & Required<Pick<TokenRecord, 'prepaid'>>> {
    const known = await this.known(token);
    if (known?.prepaid === undefined) throw new Problem('not-found', 'there is no such prepaid token');
    return { ...known, prepaid: known.prepaid };
  }

  private async known(token: IssuedToken): Promise<TokenRecord | undefined> {
    const [resolved] = await this.catalogue.resolve([token]);
    return resolved?.status === 'known' ? resolved.token : undefined;
  }
}
