// Who may charge and what a session gets of its station: connectors and reservations, the verdict on a token, what profiles allow.

import { ConnectionLost, ConnectorBusy } from '../failures';
import { allowedEnergyWh } from '../feature/composite-schedule';
import type { StationConnection } from '../wire/connection';
import type { Outbox } from '../wire/outbox';
import type { ChargePlan } from './charge-plan';
import type { Connector } from './connector';
import type { Delivery } from './dialect';
import type { Equipment, EquipmentOptions } from './equipment';
import { ChargingSession, type SessionHost } from './session';
import { SUPPLY } from './supply';

export class SessionDesk {
  constructor(
    private readonly equipment: Equipment,
    private readonly options: EquipmentOptions,
    private readonly connection: StationConnection,
    private readonly outbox: Outbox,
  ) {}

  /** @throws ConnectorBusy */
  make(plan: ChargePlan): ChargingSession {
    const connector = this.equipment.connectors.get(plan.connectorId);
    if (connector === undefined || !this.mayUse(connector, plan.token)) throw new ConnectorBusy(plan.connectorId);
    connector.session = new ChargingSession(this.sessionHost(), plan, plan.startMeterWh ?? connector.registerWh);
    return connector.session;
  }

  /** A driver who pays on the web page is started remotely; others have to wait for that. */
  mayUse(connector: Connector, token: string, how: 'remotely' | 'here' = 'here'): boolean {
    if (connector.session !== undefined || !connector.isOperative || connector.isFaulted) return false;
    if (how === 'here' && connector.heldUntil > 0 && connector.heldUntil > this.equipment.now()) return false;
    return !connector.isReserved || this.reservationOf(connector.id, token) !== undefined;
  }

  /** The back end's verdict on a token. A driver waits out a lost connection, so the question is asked again. */
  async authorize(token: string, tokenType = 'ISO14443'): Promise<string> {
    const { dialect, log } = this.options;
    const known = this.knownVerdict(token);
    if (known !== undefined) return known;
    const { action, payload } = dialect.authorize(token, tokenType);
    for (;;) {
      try {
        const verdict = dialect.readAuthorize(await this.equipment.call(action, payload));
        if (this.equipment.made.settings?.boolean(dialect.settingNames.useCache)) this.equipment.localList.remember(token, verdict);
        return verdict;
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        log(error.message);
      }
    }
  }

  /** What the list or the cache says, when the station may go by it: offline, or before it asks. */
  private knownVerdict(token: string): string | undefined {
    const verdict = this.equipment.made.localList?.verdictOn(token);
    const { preAuthorize, authorizeOffline } = this.options.dialect.settingNames;
    if (verdict === undefined) return undefined;
    if (!this.connection.connected) return this.equipment.settings.boolean(authorizeOffline) ? verdict : undefined;
    return this.equipment.settings.boolean(preAuthorize) && verdict === 'Accepted' ? verdict : undefined;
  }

  private sessionHost(): SessionHost {
    const { outbox, connection, options, equipment } = this;
    const delivery: Delivery = {
      deliver: outbox.deliver.bind(outbox),
      post: outbox.post.bind(outbox),
      get offline() {
        return !connection.connected;
      },
    };
    const restOf = (connectorId: number) => equipment.connectors.get(connectorId)?.restStatus ?? 'Available';
    return {
      clock: options.clock,
      authorize: (token, tokenType) => this.authorize(token, tokenType),
      beginTransaction: (plan, ear) => options.dialect.transaction(plan, delivery, ear),
      postStatus: (connectorId, status, atMilliseconds) => {
        const { action, payload } = equipment.noteStatus(connectorId, status, atMilliseconds);
        outbox.post(action, () => payload);
      },
      deliverRest: (connectorId, at) => equipment.deliverStatus(connectorId, restOf(connectorId), at),
      takeReservation: (connectorId, token) => this.takeReservation(connectorId, token),
      allowedEnergyWh: (session, from, to) => this.allowedEnergyWh(session, from, to),
      costOf: (session) => equipment.costing?.costOf(session),
      finalDetails: (session) => equipment.costing?.finalDetails(session) ?? {},
      metered: (connectorId, powerW) => equipment.metered(connectorId, powerW),
      ended: (session) => equipment.release(session),
      background: (work, what) => equipment.background(work, what),
    };
  }

  private reservationOf(connectorId: number, token: string) {
    const { reservations, localList } = this.equipment.made;
    return reservations?.usableBy(connectorId, token, localList?.groupOf(token));
  }

  private takeReservation(connectorId: number, token: string): number | undefined {
    const reservation = this.reservationOf(connectorId, token);
    if (reservation === undefined) return undefined;
    const { reservations, connectors } = this.equipment;
    reservations.end(reservation.id);
    for (const connector of connectors.values()) {
      connector.isReserved = reservations.onConnector(connector.id) !== undefined;
      if (connector.id !== connectorId) this.equipment.restConnector(connector);
    }
    return reservation.id;
  }

  private allowedEnergyWh(session: ChargingSession, from: number, to: number): number | undefined {
    const profiles = this.equipment.made.profiles?.bearingOn(session.plan.connectorId) ?? [];
    return profiles.length === 0 ? undefined : allowedEnergyWh(profiles, from, to, session, SUPPLY, Number.MAX_SAFE_INTEGER);
  }
}
