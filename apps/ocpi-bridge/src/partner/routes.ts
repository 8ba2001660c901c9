// Which platform has a party in a role, and whether it can be reached there: the party's own, or a hub with the party behind it. What is due to a
// party goes there, and what the party has to say is believed from there only: a hub cannot speak for a party that we know ourselves.
import { HUB } from '@evenkeel/ocpi';
import { sql } from 'kysely';

/** What a hub says of a party that can be reached (OCPI 2.2.1 mod_hub_client_info, ConnectionStatus); every other word means that it cannot. */
export const CONNECTED = 'CONNECTED';

export interface Route {
  party: string;
  role: string;
  partner_id: string;
  /** CONNECTED for a party that has its own platform, and for one of whom its hub has said nothing. */
  status: string;
}

/** One row a party and role: the own platform before a hub, and among hubs one where the party is connected. */
export const routes = sql<Route>`(
  select distinct on (party, role) party, role, partner_id, status
  from (
    select own.party, own.role, own.partner_id, coalesce(client.status, ${sql.lit(CONNECTED)}) as status, hub.partner_id as hub_id
    from partner_party own
    left join partner_party hub on hub.partner_id = own.partner_id and hub.role = ${sql.lit(HUB)}
    left join hub_client client on client.partner_id = hub.partner_id and client.party = own.party and client.role = own.role
    union all
    select client.party, client.role, client.partner_id, client.status, hub.partner_id
    from hub_client client
    join partner_party hub on hub.partner_id = client.partner_id and hub.role = ${sql.lit(HUB)}
  ) as offered
  order by party, role, hub_id is not null, status <> ${sql.lit(CONNECTED)}, partner_id
)`.as<'route'>('route');
