// The rows of the table of operations about a party's books.
import { Month, PartyKey, SettlementStatement, StatementMonth, TrialBalance } from '@evenkeel/contracts';
import { Type } from '@sinclair/typebox';
import type { Operation } from './operation';
import * as schemas from './schemas';

const party = Type.Optional(Type.String({ pattern: PartyKey.pattern, description: "The console's own where it is not named" }));
const ofPartner = {
  party,
  partner: Type.String({ pattern: PartyKey.pattern, description: 'The party that issued the tokens, e.g. NL-MYU' }),
  month: StatementMonth,
};

export const booksPaths = {
  trialBalance: {
    method: 'GET',
    path: '/trial-balance',
    summary: 'Debits, credits and balance of each account, in each currency; and where the books do not tie',
    tag: 'books',
    access: 'viewer',
    query: schemas.closed({ party, through: Type.Optional(Month) }),
    response: TrialBalance,
  },
  settlementStatement: {
    method: 'GET',
    path: '/statements',
    summary:
      'What a roaming partner owes for a month: every CDR and credit by number, what they come to by tax rate, and whether the partner has them',
    tag: 'books',
    access: 'viewer',
    query: schemas.closed({ ...ofPartner, ...schemas.Page.properties }),
    response: SettlementStatement,
  },
  settlementStatementCsv: {
    method: 'GET',
    path: '/statements.csv',
    summary: 'The CDRs and credits of such a statement, all of them, as a table (RFC 4180)',
    tag: 'books',
    access: 'viewer',
    query: schemas.closed(ofPartner),
    response: Type.String(),
    mediaType: 'text/csv',
  },
} as const satisfies Record<string, Operation>;
