// What an operator wants of a partner's charger, in the words of the partner's version.
import type { PartnerCommandOrder } from '@evenkeel/contracts';
import { type CommandObjects, type Expressed, type WireToken, writeDateTime } from '@evenkeel/ocpi';
import type { AskedProfile } from '../profiles/profile-on-wire';

/** What we add to an order. */
export interface Added {
  responseUrl: string;
  /** By which the session is recognised. */
  reference: string;
  /** The token that the order names, as we know it. */
  token: WireToken | undefined;
  /** Of a new reservation. */
  reservationId: string | undefined;
}

/** @returns undefined for a command that the version does not have. */
export function writeOrder(
  commands: CommandObjects,
  order: Exclude<PartnerCommandOrder, AskedProfile>,
  added: Added,
): Expressed<unknown> | undefined {
  const response_url = added.responseUrl;
  const authorization_reference = added.reference;
  const evse = 'evseUid' in order && order.evseUid !== undefined ? { evse_uid: order.evseUid } : {};
  switch (order.command) {
    case 'START_SESSION': {
      const connector = order.connectorId === undefined ? {} : { connector_id: order.connectorId };
      const place = { location_id: order.locationId, ...evse, ...connector };
      return commands.START_SESSION.write({ response_url, token: known(added.token), ...place, authorization_reference });
    }
    case 'STOP_SESSION':
      return commands.STOP_SESSION.write({ response_url, session_id: order.sessionId });
    case 'RESERVE_NOW': {
      const reservation = { reservation_id: known(added.reservationId), expiry_date: writeDateTime(order.expiresAt) };
      const place = { location_id: order.locationId, ...evse };
      return commands.RESERVE_NOW.write({ response_url, token: known(added.token), ...reservation, ...place, authorization_reference });
    }
    case 'CANCEL_RESERVATION':
      return commands.CANCEL_RESERVATION?.write({ response_url, reservation_id: order.reservationId });
    case 'UNLOCK_CONNECTOR': {
      const place = { location_id: order.locationId, evse_uid: order.evseUid, connector_id: order.connectorId };
      return commands.UNLOCK_CONNECTOR.write({ response_url, ...place });
    }
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an order was written without what it needs');
  return value;
}
