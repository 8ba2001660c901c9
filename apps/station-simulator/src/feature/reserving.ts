// Reserving a connector for a driver, until the driver comes, the time is over or the back end thinks again.
import type { StationHost } from '../station/host';

export interface ReservationRequest {
  readonly id: number;
  /** Absent or 0 when any connector will do. */
  readonly connectorId: number | undefined;
  readonly token: string;
  readonly group: string | undefined;
  readonly expiresAtMilliseconds: number;
}

export type ReservationVerdict = 'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable';

/** OCPP 1.6 section 5.13, OCPP 2.0.1 H01. `expired` is called when nobody came. */
export function reserve(host: StationHost, request: ReservationRequest, expired: () => void): ReservationVerdict {
  const { reservations } = host;
  const connectorId = request.connectorId || undefined;
  const verdict = verdictOn(host, request.id, connectorId);
  const seconds = (request.expiresAtMilliseconds - host.now()) / 1000;
  if (seconds <= 0) return 'Rejected';
  if (verdict !== 'Accepted') return verdict;
  const alarm = host.later(seconds, () => {
    if (endReservation(host, request.id)) expired();
  });
  reservations.make({ ...request, connectorId }, alarm);
  showReservations(host);
  return 'Accepted';
}

/** False when there is no such reservation. */
export function endReservation(host: StationHost, id: number): boolean {
  const wasThere = host.reservations.end(id);
  if (wasThere) showReservations(host);
  return wasThere;
}

function verdictOn(host: StationHost, id: number, connectorId: number | undefined): ReservationVerdict {
  const candidates = [...host.connectors.values()].filter((connector) => connector.id === (connectorId ?? connector.id));
  if (candidates.length === 0) return 'Rejected';
  const isTaken = (candidate: number) => {
    const present = host.reservations.onConnector(candidate);
    return present !== undefined && present.id !== id;
  };
  const working = candidates.filter(({ isFaulted }) => !isFaulted);
  const operative = working.filter(({ isOperative }) => isOperative);
  const free = operative.filter((connector) => connector.session === undefined && !isTaken(connector.id));
  if (working.length === 0) return 'Faulted';
  if (operative.length === 0) return 'Unavailable';
  const promised = connectorId === undefined && host.reservations.get(id) === undefined ? host.reservations.unassigned() : 0;
  return free.length > promised ? 'Accepted' : 'Occupied';
}

function showReservations(host: StationHost): void {
  for (const connector of host.connectors.values()) {
    connector.isReserved = host.reservations.onConnector(connector.id) !== undefined;
    host.restConnector(connector);
  }
}
