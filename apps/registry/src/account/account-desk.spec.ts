// Accounts of prepaid tokens, from what operators pay in to what a station is told.
import type { Cdr, IssuedToken, TokenRecord } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { AuthorizationDesk } from '../authorization/authorization-desk';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';
import { AccountDesk } from './account-desk';

const party = 'US-CHG';
const token: IssuedToken = { party, key: 'a'.repeat(32), type: 'RFID' };
const card: TokenRecord = {
  party,
  uid: 'PRE10',
  type: 'RFID',
  contractId: 'C',
  issuer: 'I',
  valid: true,
  whitelist: 'NEVER',
  prepaid: { currency: 'USD' },
  lastUpdated: '2026-03-01T10:00:00.000Z',
};

function accounts(known: TokenRecord = card) {
  const store = new InMemoryEventStore();
  const errors: object[] = [];
  const log = { error: (fields: object) => void errors.push(fields) };
  const resolve: CatalogueView['resolve'] = async (asked) =>
    asked.map(({ key }) => (key === token.key ? { status: 'known', token: known } : { status: 'unknown' }));
  const desk = new AccountDesk(store, { resolve }, party, log as never);
  const catalogue = { findToken: async () => known } as Partial<CatalogueView> as CatalogueView;
  const authorizations = new AuthorizationDesk({
    store,
    catalogue,
    stations: {} as StationView,
    requester: {} as never,
    vault: { tokenKey: () => token.key, issued: () => token },
    accounts: desk,
    identities: { tokenAt: async () => undefined },
    contracts: { statusOf: async () => 'Accepted' },
    policy: { ownParty: party, concurrentTx: 'allow' },
  });
  return { desk, errors, judge: () => authorizations.judge({ token, stationId: 'CP1' }) };
}

const actor = { operator: 'ada' };
const context = { cause: 'c', operator: 'ada' };
const cdr = (cdrId: string, amount: string, change: Partial<Cdr> = {}) =>
  ({
    cdrId,
    payer: { ...token, verdict: 'Accepted', authMethod: 'WHITELIST' },
    currency: 'USD',
    total: { beforeTaxes: amount, afterTaxes: amount },
    ...change,
  }) as Cdr;
const topUp = (reference: string, amount: string) => ({ actor, token, topUp: { amount, currency: 'USD', reference } });

it('V21-01: a prepaid token may spend what is left, is not cached, and has no credit once it is empty', async () => {
  const { desk, judge } = accounts();
  expect(await judge()).toMatchObject({ verdict: 'NoCredit', uncached: true });
  await desk.setBalance({ actor, token, balance: { balance: '10.00', currency: 'USD', reason: 'r' } }, context);
  expect(await judge()).toMatchObject({ verdict: 'Accepted', uncached: true, limits: { maxCost: '10.00' } });
  await desk.book(cdr('CDR-1', '10.00'), 'm1');
  expect(await judge()).toMatchObject({ verdict: 'NoCredit' });
});

it('TX-92: books every CDR and every credit once, below zero where it must, and a payment by its reference', async () => {
  const { desk } = accounts();
  for (const attempt of ['m1', 'm1-again']) await desk.topUp(topUp('r1', '20.00'), { cause: attempt });
  for (const attempt of ['m2', 'm2-again']) await desk.book(cdr('CDR-1', '23.50'), attempt);
  expect(await desk.get({ token })).toMatchObject({ balance: '-3.50', currency: 'USD' });
  await desk.book(cdr('CDR-1-CR', '-23.50'), 'm3');
  await desk.book(cdr('CDR-2', '4.25'), 'm4');
  await desk.topUp(topUp('r2', '0.10'), context);
  expect(await desk.get({ token })).toMatchObject({ balance: '15.85' });
});

it('TX-90: limits of the token hold beside what is left', async () => {
  const limits = { maxCost: '5', maxEnergyWh: '20000', maxTimeSeconds: 3600 };
  const { desk, judge } = accounts({ ...card, limits });
  await desk.topUp(topUp('r1', '20.00'), context);
  expect(await judge()).toMatchObject({ verdict: 'Accepted', limits });
  await desk.book(cdr('CDR-1', '17'), 'm');
  expect(await judge()).toMatchObject({ limits: { ...limits, maxCost: '3.00' } });
  const { prepaid: _, ...postpaid } = card;
  expect(await accounts({ ...postpaid, limits }).judge()).toMatchObject({ verdict: 'Accepted', limits });
});

it('books nothing of other parties, of tokens without an account and in other currencies, and says the last', async () => {
  const { desk, errors } = accounts();
  await desk.topUp(topUp('r1', '20.00'), context);
  await desk.book(cdr('CDR-1', '1', { payer: { ...cdr('', '0').payer, party: 'US-MOB' } }), 'm1');
  await desk.book(cdr('CDR-2', '1', { currency: 'EUR' }), 'm2');
  expect(await desk.get({ token })).toMatchObject({ balance: '20.00' });
  expect(errors).toHaveLength(1);
  const { prepaid: _, ...postpaid } = card;
  const other = accounts(postpaid);
  await other.desk.book(cdr('CDR-3', '1'), 'm3');
  await expect(other.desk.get({ token })).rejects.toMatchObject({ code: 'not-found' });
  expect(await other.desk.find(token)).toBeUndefined();
  await expect(desk.topUp({ actor, token, topUp: { amount: '1', currency: 'EUR', reference: 'r' } }, context)).rejects.toMatchObject({
    code: 'invalid',
  });
});
