// Reservations in OCPP 1.6 (sections 5.1 and 5.13). That one has expired is told by the connector's state alone.
import { endReservation, reserve } from '../feature/reserving';
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';

export function reservationCommands(host: StationHost) {
  return {
    ReserveNow({ reservationId, connectorId, idTag, parentIdTag, expiryDate }) {
      if (connectorId === 0 && !host.settings.boolean('ReserveConnectorZeroSupported')) return { answer: { status: 'Rejected' } };
      const request = { id: reservationId, connectorId, token: idTag, group: parentIdTag, expiresAtMilliseconds: Date.parse(expiryDate) };
      return { answer: { status: reserve(host, request, () => undefined) } };
    },
    CancelReservation({ reservationId }) {
      return { answer: { status: endReservation(host, reservationId) ? 'Accepted' : 'Rejected' } };
    },
  } satisfies Handlers16;
}
