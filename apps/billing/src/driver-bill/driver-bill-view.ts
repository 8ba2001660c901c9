// Reads drivers' bills and what is billed to nobody back for operators; pages are in key order.
import {
  type DriverBillSummary,
  type NumberedDriverBill,
  type PartnerCdr,
  Problem,
  type Reply,
  type Request,
  type UnbilledPurchase,
} from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { explainedAs } from '../view/explained-as';
import type { DriverBillRow, DriverBillTables } from './driver-bill-tables';

const DEFAULT_PAGE = 100;

export class DriverBillView {
  constructor(private readonly database: Database<DriverBillTables>) {}

  async list({ cdrId, from, to, after, limit = DEFAULT_PAGE }: Request<'listDriverBills'>): Promise<Reply<'listDriverBills'>> {
    let rows = this.database
      .selectFrom('driver_bill')
      .select(['bill_id', 'number', 'bill'])
      .orderBy('bill_id')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('bill_id', '>', after);
    if (cdrId !== undefined) rows = rows.where(sql`lower(cdr_id)`, '=', cdrId.toLowerCase());
    if (from !== undefined) rows = rows.where('started_at', '>=', from);
    if (to !== undefined) rows = rows.where('started_at', '<', to);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(summaryOf), ...(found.length > limit && last ? { next: last.bill_id } : {}) };
  }

  async get(billId: string): Promise<Reply<'getDriverBill'>> {
    const row = await this.database.selectFrom('driver_bill').select(['number', 'bill']).where('bill_id', '=', billId).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no bill ${billId}`);
    return numbered(row);
  }

  async explain({ billId, language = 'en' }: Request<'explainDriverBill'>): Promise<Reply<'explainDriverBill'>> {
    return { billId, ...explainedAs(await this.get(billId), language) };
  }

  async listUnbilled({ reason, after, limit = DEFAULT_PAGE }: Request<'listUnbilled'>): Promise<Reply<'listUnbilled'>> {
    let rows = this.database
      .selectFrom('purchase')
      .select(['purchase_id', 'reason', 'detail', 'partner_cdr'])
      .where('reason', 'is not', null)
      .where('purchase_id', 'is not', null)
      .orderBy('purchase_id')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('purchase_id', '>', after);
    if (reason !== undefined) rows = rows.where('reason', '=', reason);
    const items = (await rows.execute()).flatMap(({ purchase_id: purchaseId, reason: why, detail, partner_cdr: cdr }) =>
      purchaseId === null || why === null || cdr === null
        ? []
        : [{ purchaseId, reason: why, ...(detail === null ? {} : { detail }), cdr: shortOf(cdr) }],
    );
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return { items: page, ...(items.length > limit && last ? { next: last.purchaseId } : {}) };
  }
}

function numbered({ number, bill }: Pick<DriverBillRow, 'number' | 'bill'>): NumberedDriverBill {
  return { ...bill, ...(number === null ? {} : { number }) };
}

function summaryOf(row: Pick<DriverBillRow, 'number' | 'bill'>): DriverBillSummary {
  const { tariff, periods: _, lines: _lines, ...summary } = numbered(row);
  return { ...summary, tariffId: tariff.id };
}

function shortOf({
  periods: _,
  tariff: _tariff,
  place: _place,
  authorizationReference: _reference,
  ...cdr
}: PartnerCdr): UnbilledPurchase['cdr'] {
  return cdr;
}
