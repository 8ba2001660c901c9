// What was said with a partner lately, and how our requests to it fare.
import { type PartnerHealth, type PartnerMessage, Problem } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { endings, type TrafficTables } from './traffic-tables';

const DEFAULT_PAGE = 100;

export class TrafficView {
  constructor(private readonly database: Database<TrafficTables>) {}

  /** The newest first. */
  async messages(
    partnerId: string,
    { limit = DEFAULT_PAGE, after }: { limit?: number; after?: string },
  ): Promise<{ items: PartnerMessage[]; next?: string }> {
    if (after !== undefined && !/^\d{1,18}$/.test(after)) throw new Problem('invalid', 'after is not the next of a page of messages');
    let matching = this.database.selectFrom('partner_message').selectAll().where('partner_id', '=', partnerId);
    if (after !== undefined) matching = matching.where('id', '<', after);
    const rows = await matching
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit).map(
      (row): PartnerMessage => ({
        at: row.at,
        direction: row.direction,
        method: row.method,
        path: row.path,
        ...(row.http_status === null ? {} : { httpStatus: row.http_status }),
        ...(row.ocpi_status === null ? {} : { ocpiStatus: row.ocpi_status }),
        ...(row.status_message === null ? {} : { statusMessage: row.status_message }),
        durationMs: row.duration_ms,
        requestId: row.request_id,
      }),
    );
    const last = rows[limit - 1];
    return { items, ...(last && rows.length > limit ? { next: last.id } : {}) };
  }

  async fares(partnerId: string): Promise<Pick<PartnerHealth, 'lastSuccessAt' | 'lastError' | 'lastHour' | 'circuit'>> {
    const [contact, requests, circuit] = await Promise.all([
      this.database.selectFrom('partner_contact').selectAll().where('partner_id', '=', partnerId).executeTakeFirst(),
      this.database
        .selectFrom('partner_requests')
        .select(({ fn }) => ['ending', fn.sum<string>('requests').as('requests')])
        .where('partner_id', '=', partnerId)
        .where('minute', '>', sql<string>`now() - interval '1 hour'`)
        .groupBy('ending')
        .execute(),
      this.circuits(),
    ]);
    const { last_success_at = null, last_error_at = null, last_error = null } = contact ?? {};
    const of = new Map(requests.map((row) => [row.ending, Number(row.requests)]));
    return {
      ...(last_success_at === null ? {} : { lastSuccessAt: last_success_at }),
      ...(last_error_at === null || last_error === null ? {} : { lastError: { at: last_error_at, reason: last_error } }),
      circuit: circuit.get(partnerId) ?? { state: 'open' },
      lastHour: Object.fromEntries(endings.map((ending) => [ending, of.get(ending) ?? 0])) as PartnerHealth['lastHour'],
    };
  }

  /** By partner; of one that was never pushed to there is none. */
  async circuits(): Promise<Map<string, PartnerHealth['circuit']>> {
    const rows = await this.database.selectFrom('partner_circuit').selectAll().execute();
    const now = new Date().toISOString();
    return new Map(
      rows.map(({ partner_id, paused_until, probing }) => [
        partner_id,
        paused_until > now ? { state: 'paused', until: paused_until } : { state: probing ? 'probing' : 'open' },
      ]),
    );
  }
}
