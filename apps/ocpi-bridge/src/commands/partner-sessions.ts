// The sessions that a partner may speak of: those that are delivered to it, because its drivers pay for them.
import type { PartyKey, SessionSnapshot } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { DeliveryTables } from '../delivery/delivery-view';

export class PartnerSessions {
  constructor(private readonly database: Database<DeliveryTables>) {}

  async find(sessionId: string, parties: readonly PartyKey[]): Promise<SessionSnapshot | undefined> {
    if (parties.length === 0) return undefined;
    const row = await this.database
      .selectFrom('delivery')
      .select('object')
      .where('module', '=', 'sessions')
      .where('object_id', '=', sessionId.toLowerCase())
      .where('recipient', 'in', parties)
      .executeTakeFirst();
    return row?.object.module === 'sessions' ? row.object.session : undefined;
  }
}
