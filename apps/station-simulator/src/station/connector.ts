// One connector of a station (in OCPP 2.x: an EVSE with its only connector): its meter, its state, and what keeps it from being used.
import type { ConnectorStatus } from './dialect';
import type { ChargingSession } from './session';

export class Connector {
  registerWh = 0;
  powerW = 0;
  status: ConnectorStatus = 'Available';
  session: ChargingSession | undefined;
  isOperative = true;
  isFaulted = false;
  isReserved = false;
  /** An availability that waits for the session to end. */
  scheduledOperative: boolean | undefined;
  /** A driver pays on the web page for this connector until then (OCPP 2.1 C25). */
  heldUntil = 0;

  constructor(readonly id: number) {}

  /** The state of the connector when no car is at it. */
  get restStatus(): ConnectorStatus {
    if (this.isFaulted) return 'Faulted';
    if (!this.isOperative) return 'Unavailable';
    return this.isReserved ? 'Reserved' : 'Available';
  }
}
