// Reads what is known of certificates across stations: which are revoked, which expire, and where something is still to be done.
import type { Position } from '@evenkeel/event-store';
import type { Database, Projector } from '@evenkeel/read-model';
import type { RegistryTables } from '../view/registry-tables';

/** Looked at in one go; the rest has its turn at the next look. */
const MOST_AT_ONCE = 1_000;

export class CertificateView {
  constructor(
    private readonly database: Database<RegistryTables>,
    private readonly projector: Pick<Projector<RegistryTables>, 'reached'>,
  ) {}

  async isRevoked(fingerprint: string): Promise<boolean> {
    return (await this.find(fingerprint))?.revoked === true;
  }

  async isUsed(fingerprint: string): Promise<boolean> {
    return (await this.find(fingerprint))?.used === true;
  }

  /** Stations with a certificate that is to be signed or delivered. */
  async unfinishedStations(): Promise<string[]> {
    const rows = await this.database
      .selectFrom('signing_job')
      .select('station_id')
      .distinct()
      .where('phase', 'in', ['waiting', 'issued'])
      .limit(MOST_AT_ONCE)
      .execute();
    return rows.map(({ station_id }) => station_id);
  }

  async expiringBefore(at: Date): Promise<{ stationId: string; fingerprint: string; notAfter: string; expiryNoted: boolean }[]> {
    const rows = await this.database
      .selectFrom('station_certificate')
      .selectAll()
      .where('not_after', '<', at.toISOString())
      .where('revoked', '=', false)
      .orderBy('not_after')
      .limit(MOST_AT_ONCE)
      .execute();
    return rows.map(({ station_id: stationId, fingerprint, not_after: notAfter, expiry_noted: expiryNoted }) => {
      return { stationId, fingerprint, notAfter, expiryNoted };
    });
  }

  /** An operator's own write is seen by what comes after it. */
  async shown(position: Position | undefined): Promise<void> {
    if (position !== undefined) await this.projector.reached(position);
  }

  private find(fingerprint: string): Promise<{ revoked: boolean; used: boolean } | undefined> {
    return this.database
      .selectFrom('station_certificate')
      .select(['revoked', 'used'])
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
  }
}
