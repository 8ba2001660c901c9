// The decider of a prepaid token's account: what was paid in, and what sessions have cost. A CDR is booked once, and its credit gives back
// what it took. What was charged is owed whatever is left: an offline charge may take the balance below zero.
import { type IssuedToken, idOf, type PartyKey, type TokenVerdict } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { Decimal } from '@evenkeel/money';

/** Each event holds the balance that it leaves. */
export type AccountEvent =
  | { type: 'BalanceSet'; data: Left & { reason: string } }
  | { type: 'AccountToppedUp'; data: Left & { reference: string; amount: string } }
  /** The amount of a credit is negative. */
  | { type: 'CdrBooked'; data: Left & { cdrId: string; amount: string } };

interface Left extends IssuedToken {
  balance: string;
  currency: string;
}

export interface AccountState {
  account?: Left;
  topUps: Set<string>;
  booked: Set<string>;
}

export type AccountCommand = { token: IssuedToken; currency: string } & (
  | { kind: 'set'; balance: string; reason: string }
  | { kind: 'top-up'; amount: string; reference: string }
  | { kind: 'book'; cdrId: string; amount: string }
);
export type AccountRejection = 'other-currency';

export const account: Decider<AccountState, AccountCommand, AccountEvent, AccountRejection> = {
  initial: () => ({ topUps: new Set(), booked: new Set() }),
  evolve: (state, event) => {
    const { party, key, type, balance, currency } = event.data;
    state.account = { party, key, type, balance, currency };
    if (event.type === 'AccountToppedUp') state.topUps.add(event.data.reference);
    if (event.type === 'CdrBooked') state.booked.add(event.data.cdrId);
    return state;
  },
  decide: ({ account: known, topUps, booked }, command) => {
    const { token, currency } = command;
    const balance = Decimal.parse(known?.balance ?? '0');
    const left = (amount: Decimal): Left => ({ ...token, balance: amount.toString(), currency });
    // With a new balance an account begins anew, also in another currency.
    if (command.kind === 'set') {
      return accept<AccountEvent>({ type: 'BalanceSet', data: { ...left(Decimal.parse(command.balance)), reason: command.reason } });
    }
    const isRepeated = command.kind === 'book' ? booked.has(command.cdrId) : topUps.has(command.reference);
    if (isRepeated) return accept();
    if (known !== undefined && known.currency !== currency) return reject('other-currency');
    const amount = Decimal.parse(command.amount);
    return command.kind === 'book'
      ? accept<AccountEvent>({
          type: 'CdrBooked',
          data: { ...left(balance.subtract(amount)), cdrId: command.cdrId, amount: command.amount },
        })
      : accept<AccountEvent>({
          type: 'AccountToppedUp',
          data: { ...left(balance.add(amount)), reference: command.reference, amount: command.amount },
        });
  },
};

export const accountCodec: Codec<AccountEvent> = codecOf<AccountEvent>({ BalanceSet: [], AccountToppedUp: [], CdrBooked: [] });

export function accountStream({ party, key, type }: IssuedToken): string {
  return `account-${idOf('account', party as PartyKey, key, type)}`;
}

/** What a balance allows, and at most what the token may spend at a time anyway. */
export function creditOf(balance: string, mostAtATime: string | undefined): { verdict: TokenVerdict; maxCost: string } {
  const left = Decimal.parse(balance);
  if (left.compare(Decimal.ZERO) <= 0) return { verdict: 'NoCredit', maxCost: '0' };
  const most = mostAtATime === undefined ? left : Decimal.parse(mostAtATime);
  return { verdict: 'Accepted', maxCost: (most.compare(left) < 0 ? most : left).toString() };
}
