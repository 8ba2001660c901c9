// ClientInfo (OCPI 2.3.0 mod_hub_client_info): how a hub says of each party behind it whether it can be reached.
import { type Static, Type } from '@sinclair/typebox';
import { dateTime, openEnum, owner } from '../wire-schema';
import { platformRoles } from './credentials';

export const connectionStatuses = ['CONNECTED', 'OFFLINE', 'PLANNED', 'SUSPENDED'] as const;

export const ClientInfo = Type.Object({
  ...owner,
  role: openEnum(...platformRoles),
  status: openEnum(...connectionStatuses),
  last_updated: dateTime,
});
export type ClientInfo = Static<typeof ClientInfo>;
