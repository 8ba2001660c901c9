// Reservations in OCPP 2.x (H01 to H04).
import { endReservation, reserve } from '../feature/reserving';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

const CONNECTOR_TYPE = 'cType2';

export function reservationCommands(host: StationHost) {
  return {
    ReserveNow({ id, expiryDateTime, idToken, groupIdToken, evseId, connectorType }) {
      if (!host.settings.boolean('ReservationCtrlr/Enabled')) return { answer: { status: 'Rejected' } };
      if (connectorType !== undefined && connectorType !== CONNECTOR_TYPE) return { answer: { status: 'Rejected' } };
      const request = {
        id,
        connectorId: evseId,
        token: idToken.idToken,
        group: groupIdToken?.idToken,
        expiresAtMilliseconds: Date.parse(expiryDateTime),
      };
      const expired = () => host.say('ReservationStatusUpdate', { reservationId: id, reservationUpdateStatus: 'Expired' });
      return { answer: { status: reserve(host, request, expired) } };
    },
    CancelReservation({ reservationId }) {
      return { answer: { status: endReservation(host, reservationId) ? 'Accepted' : 'Rejected' } };
    },
  } satisfies Handlers2;
}
