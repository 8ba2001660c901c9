// What happens when a hub says who is behind it: a party that can be reached again gets what is due to it, and what we read at the hub is read
// again from when the party went away (OCPI mod_hub_client_info: whoever comes back, the others catch up by GET). All of that before it is
// kept, so that a crash in between leaves it to the next list.
import type { ClientInfo } from '@evenkeel/ocpi';
import type { Log } from '@evenkeel/service';
import type { DeliveryCare } from '../delivery/delivery-care';
import type { RegisteredPartner } from '../partner/partner-view';
import { CONNECTED } from '../partner/routes';
import type { PullBook } from '../pull/pull-book';
import { type HubClient, type HubClients, rowOf } from './hub-clients';

export class ClientDesk {
  constructor(
    private readonly clients: HubClients,
    private readonly care: Pick<DeliveryCare, 'wake'>,
    private readonly pulls: Pick<PullBook, 'again'>,
    private readonly log: Log,
  ) {}

  /** @returns how many of the parties were unknown. */
  async take(hub: RegisteredPartner, infos: readonly ClientInfo[]): Promise<number> {
    const seenAt = new Date().toISOString();
    const rows = new Map(infos.map((info) => rowOf(hub.partnerId, info, seenAt)).map((row) => [keyOf(row), row]));
    const known = new Map((await this.clients.of(hub.partnerId)).map((row) => [keyOf(row), row]));
    for (const [key, row] of rows) {
      const before = known.get(key);
      if (before && (before.status === row.status || before.last_updated > row.last_updated)) continue;
      const { party, role, status } = row;
      this.log.info({ hub: hub.name, party, role, status }, 'a party behind a hub has another status');
      if (status !== CONNECTED) continue;
      await this.care.wake(party);
      await this.pulls.again(hub, before?.status === 'OFFLINE' ? before.last_updated : undefined);
    }
    await this.clients.keep([...rows.values()]);
    return [...rows.keys()].filter((key) => !known.has(key)).length;
  }
}

function keyOf({ party, role }: Pick<HubClient, 'party' | 'role'>): string {
  return `${role} ${party}`;
}
