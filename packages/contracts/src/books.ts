// What billing says of a party's books: the trial balance of its journal, and what a roaming partner owes for a month.
import { type Static, Type } from '@sinclair/typebox';
import { Price } from './cdrs';
import { PartyKey } from './party';
import { DecimalText, Instant, PageRequest } from './values';

const Currency = Type.String({ pattern: '^[A-Z]{3}$' });
const MONTH = '^\\d{4}-(0[1-9]|1[0-2])$';
/** A month of the journal, whose days are those of UTC. */
export const Month = Type.String({ pattern: MONTH, description: 'A month in UTC, e.g. 2026-03' });
export const StatementMonth = Type.String({ pattern: MONTH, description: "A month in the party's time zone, e.g. 2026-03" });

/** Where the books and the issued CDRs do not tie. */
export const BooksFinding = Type.Object({
  party: PartyKey,
  check: Type.Union([
    Type.Literal('not-booked'),
    Type.Literal('claims-differ'),
    Type.Literal('numbers-differ'),
    Type.Literal('not-balanced'),
    Type.Literal('deliveries-differ'),
  ]),
  text: Type.String(),
});
export type BooksFinding = Static<typeof BooksFinding>;

const sides = { debit: DecimalText, credit: DecimalText, balance: DecimalText };
export const TrialBalanceRequest = Type.Object({ party: PartyKey, through: Type.Optional(Month) });
/** Debits and credits by account; the balance is debit less credit, and sums to zero in every currency. */
export const TrialBalance = Type.Object({
  party: PartyKey,
  /** The last month that is in it; absent: everything. */
  through: Type.Optional(Month),
  accounts: Type.Array(Type.Object({ account: Type.String(), currency: Currency, ...sides })),
  totals: Type.Array(Type.Object({ currency: Currency, ...sides })),
  /** Empty while everything ties. */
  findings: Type.Array(BooksFinding),
});
export type TrialBalance = Static<typeof TrialBalance>;

export const StatementRequest = Type.Object({ party: PartyKey, partner: PartyKey, month: StatementMonth, ...PageRequest });

const Taxes = Type.Array(Type.Object({ percentage: Type.Optional(DecimalText), amount: DecimalText }));

/** What became of the delivery of a CDR to its partner, as the OCPI bridge tells it. */
export const LineDelivery = Type.Object({
  status: Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('parked')], {
    description: 'waiting: the partner does not have it yet; parked: it was given up, and a person must look at it',
  }),
  /** When the partner acknowledged it, or when it was given up; absent while it waits. */
  at: Type.Optional(Instant),
  /** Why it was given up. */
  reason: Type.Optional(Type.String()),
});
export type LineDelivery = Static<typeof LineDelivery>;

/** A CDR or a credit CDR, whose amounts are negative. */
export const StatementLine = Type.Object({
  /** Absent for a moment after the CDR was issued. */
  number: Type.Optional(Type.Integer({ minimum: 1 })),
  cdrId: Type.String(),
  credit: Type.Boolean(),
  creditReferenceId: Type.Optional(Type.String()),
  sessionId: Type.String(),
  startedAt: Instant,
  endedAt: Instant,
  issuedAt: Instant,
  energyWh: DecimalText,
  currency: Currency,
  beforeTaxes: DecimalText,
  /** Absent where the taxes are not known; then `due` is before taxes. */
  taxes: Price.properties.taxes,
  due: DecimalText,
  delivery: Type.Optional(LineDelivery),
});
export type StatementLine = Static<typeof StatementLine>;

export const StatementTotal = Type.Object({
  currency: Currency,
  /** Credits included. */
  cdrs: Type.Integer(),
  credits: Type.Integer(),
  beforeTaxes: DecimalText,
  taxes: Taxes,
  due: DecimalText,
  /** What the journal has of the partner's CDRs of this month. */
  booked: DecimalText,
  /** Whether what is due is what was booked; false for a moment after a CDR was issued. */
  ties: Type.Boolean(),
  /** By the rates that the taxes of a CDR have, in percent: those at one rate each, those that mix rates apart. */
  subtotals: Type.Array(
    Type.Object({ rates: Type.Array(DecimalText), cdrs: Type.Integer(), beforeTaxes: DecimalText, taxes: Taxes, due: DecimalText }),
  ),
});
export type StatementTotal = Static<typeof StatementTotal>;

/** The statement held against what the partner has got. Counts have credits included, as those of the totals; each CDR is in one of three. */
export const Reconciliation = Type.Object({
  cdrs: Type.Integer(),
  credits: Type.Integer(),
  delivered: Type.Integer(),
  waiting: Type.Integer(),
  parked: Type.Integer(),
  sums: Type.Array(
    Type.Object({
      currency: Currency,
      /** What the statement says is due, in all. */
      due: DecimalText,
      /** What the objects came to that the partner has, as the bridge tells it. */
      delivered: DecimalText,
      /** What is due for those that it does not have. */
      waiting: DecimalText,
      parked: DecimalText,
    }),
  ),
  agrees: Type.Boolean({
    description: 'Whether the partner has each CDR and credit, for the amount that is stated, and all that is due was booked',
  }),
});
export type Reconciliation = Static<typeof Reconciliation>;

/** What a partner owes for the CDRs that were issued in a month, one total a currency; the lines come in pages. */
export const SettlementStatement = Type.Object({
  party: PartyKey,
  partner: PartyKey,
  month: StatementMonth,
  /** The party's time zone (IANA), and the month in it: from its first instant up to that of the next one. */
  timeZone: Type.Optional(Type.String()),
  from: Type.Optional(Instant),
  until: Type.Optional(Instant),
  totals: Type.Array(StatementTotal),
  reconciliation: Type.Optional(Reconciliation),
  items: Type.Array(StatementLine),
  next: Type.Optional(Type.String()),
});
export type SettlementStatement = Static<typeof SettlementStatement>;
