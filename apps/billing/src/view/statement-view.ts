// The settlement statement of a roaming partner for a month of the party's own calendar: every CDR and credit that was issued in it, by number,
// and what they come to. It is summed up from the CDRs, and says beside that what the journal has of the same partner and month, and what the
// partner has got.
import { type LineDelivery, Problem, type Reply, type Request, type StatementLine, type StatementTotal } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { receivable } from '../journal/accounts';
import type { BooksTables, ClaimRow, DeliveryRow } from './books-tables';
import { monthIn, type Span, type TimeZones, timeZoneOf } from './month';
import { reconciliationOf } from './reconciliation-view';

type Asked = Pick<Request<'settlementStatement'>, 'party' | 'partner'> & Span;

interface LineRow extends ClaimRow {
  /** Null while nothing is known of a delivery. */
  delivery_status: DeliveryRow['status'] | null;
  delivery_at: string | null;
  delivery_reason: string | null;
}

interface SubtotalRow {
  currency: string;
  rates: string[];
  cdrs: string;
  credits: string;
  before_taxes: string;
  due: string;
}

interface TaxRow {
  currency: string;
  rates: string[];
  percentage: string | null;
  amount: string;
}

const DEFAULT_PAGE = 100;
/** Behind every number: where a CDR stands that has none yet. */
const LAST = 2_147_483_647;
const numberOrLast = sql<string>`coalesce(number, ${sql.lit(LAST)})`;
/** By the time of issue. */
const linesOf = ({ party, partner, from, until }: Asked) =>
  sql<boolean>`claim.party = ${party} and claim.partner = ${partner} and claim.issued_at >= ${from} and claim.issued_at < ${until}`;

export class StatementView {
  constructor(
    private readonly database: Database<BooksTables>,
    private readonly timeZones: TimeZones = {},
  ) {}

  /** @throws Problem `invalid` for a place to continue from that is none. */
  async get({ limit = DEFAULT_PAGE, after, party, partner, month }: Request<'settlementStatement'>): Promise<Reply<'settlementStatement'>> {
    const timeZone = timeZoneOf(this.timeZones, party);
    const asked = { party, partner, ...monthIn(timeZone, month) };
    const [found, totals] = await Promise.all([this.lines(asked, limit, after), this.totals(asked)]);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last ? { next: `${last.issued_at} ${last.number ?? LAST} ${last.cdr_id}` } : {};
    const reconciliation = await reconciliationOf(this.database, linesOf(asked), totals);
    return { ...asked, month, timeZone, totals, reconciliation, items: page.map(lineOf), ...next };
  }

  private lines(asked: Asked, limit: number, after: string | undefined): Promise<LineRow[]> {
    let rows = this.database
      .selectFrom('claim')
      .leftJoin('delivery', 'delivery.cdr_id', 'claim.cdr_id')
      .selectAll('claim')
      .select(['delivery.status as delivery_status', 'delivery.at as delivery_at', 'delivery.reason as delivery_reason'])
      .where(linesOf(asked))
      .orderBy('claim.issued_at')
      .orderBy(numberOrLast)
      .orderBy('claim.cdr_id')
      .limit(limit + 1);
    if (after !== undefined) {
      const [issuedAt = '', number = '', cdrId = ''] = after.split(' ');
      if (Number.isNaN(Date.parse(issuedAt)) || !/^\d{1,10}$/.test(number))
        throw new Problem('invalid', 'after is not the `next` of a page');
      rows = rows.where(
        sql<boolean>`(claim.issued_at, ${numberOrLast}, claim.cdr_id) > (${issuedAt}::timestamptz, ${number}::bigint, ${cdrId})`,
      );
    }
    return rows.execute();
  }

  private async totals(asked: Asked): Promise<StatementTotal[]> {
    const { party, partner, from, until } = asked;
    const of = linesOf(asked);
    const { rows: subtotals } = await sql<SubtotalRow>`
      select currency, rates, count(*) as cdrs, count(*) filter (where credit) as credits,
             sum(before_taxes) as before_taxes, sum(due) as due
      from claim where ${of} group by currency, rates order by currency, rates`.execute(this.database);
    const { rows: taxes } = await sql<TaxRow>`
      select currency, rates, tax ->> 'percentage' as percentage, sum((tax ->> 'amount')::numeric) as amount
      from claim, jsonb_array_elements(coalesce(taxes, '[]')) as tax where ${of}
      group by 1, 2, 3 order by 1, 2, 3`.execute(this.database);
    const { rows: booked } = await sql<{ currency: string; booked: string }>`
      select currency, sum(amount) as booked from partner_posting
      where party = ${party} and account = ${receivable({ kind: 'partner', party: partner })} and at >= ${from} and at < ${until}
      group by currency`.execute(this.database);
    const currencies = [...new Set([...subtotals, ...booked].map(({ currency }) => currency))].sort();
    return currencies.map((currency) => {
      const inCurrency = <R extends { currency: string }>(rows: readonly R[]) => rows.filter((row) => row.currency === currency);
      return totalOf(currency, inCurrency(subtotals), inCurrency(taxes), inCurrency(booked)[0]?.booked ?? '0');
    });
  }
}

function totalOf(currency: string, subtotals: readonly SubtotalRow[], taxes: readonly TaxRow[], booked: string): StatementTotal {
  const money = (amount: string) => Money.parse(amount, currency);
  const sum = (amounts: readonly string[]) => Money.sum(amounts.map(money), currency);
  const count = (numbers: readonly string[]) => numbers.reduce((all, number) => all + Number(number), 0);
  const taxesOf = (rows: readonly TaxRow[]) => {
    const rates = [...new Set(rows.map(({ percentage }) => percentage))];
    return rates.map((rate) => ({
      ...(rate === null ? {} : { percentage: rate }),
      amount: sum(rows.filter(({ percentage }) => percentage === rate).map(({ amount }) => amount)).toString(),
    }));
  };
  const due = sum(subtotals.map((row) => row.due));
  return {
    currency,
    cdrs: count(subtotals.map(({ cdrs }) => cdrs)),
    credits: count(subtotals.map(({ credits }) => credits)),
    beforeTaxes: sum(subtotals.map((row) => row.before_taxes)).toString(),
    taxes: taxesOf(taxes),
    due: due.toString(),
    booked: money(booked).toString(),
    ties: due.equals(money(booked)),
    subtotals: subtotals.map(({ rates, cdrs, before_taxes, due: owed }) => ({
      rates,
      cdrs: Number(cdrs),
      beforeTaxes: money(before_taxes).toString(),
      taxes: taxesOf(taxes.filter((row) => row.rates.join() === rates.join())),
      due: money(owed).toString(),
    })),
  };
}

function lineOf(row: LineRow): StatementLine {
  return {
    ...(row.number === null ? {} : { number: row.number }),
    cdrId: row.cdr_id,
    credit: row.credit,
    ...(row.credit_reference_id === null ? {} : { creditReferenceId: row.credit_reference_id }),
    sessionId: row.session_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    issuedAt: row.issued_at,
    energyWh: row.energy_wh,
    currency: row.currency,
    beforeTaxes: row.before_taxes,
    ...(row.taxes === null ? {} : { taxes: row.taxes }),
    due: row.due,
    delivery: deliveryOf(row),
  };
}

function deliveryOf({ delivery_status: status, delivery_at: at, delivery_reason: reason }: LineRow): LineDelivery {
  return { status: status ?? 'waiting', ...(at === null ? {} : { at }), ...(reason === null ? {} : { reason }) };
}
