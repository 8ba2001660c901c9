// Reservations of connectors: made, used, cancelled and expired. Which of them a connector or a driver is bound by is decided here; what is
// said about it is the dialects' business.
import type { Alarm } from '../timers';

export interface Reservation {
  readonly id: number;
  /** Absent when any connector of the station is meant. */
  readonly connectorId: number | undefined;
  readonly token: string;
  readonly group: string | undefined;
  readonly expiresAtMilliseconds: number;
}

export class Reservations {
  private readonly active = new Map<number, Reservation & { readonly alarm: Alarm }>();

  /** A second reservation with the same id replaces the first (OCPP 1.6 section 5.13, OCPP 2.0.1 H01.FR.02). */
  make(reservation: Reservation, alarm: Alarm): void {
    this.end(reservation.id);
    this.active.set(reservation.id, { ...reservation, alarm });
  }

  get(id: number): Reservation | undefined {
    return this.active.get(id);
  }

  /** Cancelled, used or expired: false when there is no such reservation. */
  end(id: number): boolean {
    this.active.get(id)?.alarm.cancel();
    return this.active.delete(id);
  }

  onConnector(connectorId: number): Reservation | undefined {
    return [...this.active.values()].find((reservation) => reservation.connectorId === connectorId);
  }

  /** Reservations that will need some connector, whichever. */
  unassigned(): number {
    return [...this.active.values()].filter(({ connectorId }) => connectorId === undefined).length;
  }

  /** The reservation that this driver would use up at this connector. */
  usableBy(connectorId: number, token: string, group: string | undefined): Reservation | undefined {
    const isTheirs = (reservation: Reservation) =>
      same(reservation.token, token) || (reservation.group !== undefined && same(reservation.group, group));
    return [...this.active.values()].find((each) => (each.connectorId ?? connectorId) === connectorId && isTheirs(each));
  }
}

function same(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
