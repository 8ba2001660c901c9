// Puts together what is agreed when a session starts: the place, the tariff in force there at that instant, and who pays.
import {
  type ChargingPlace,
  type ChargingTerms,
  type ChargingTermsRequest,
  type Connector,
  type Evse,
  type Location,
  type Payer,
  Problem,
} from '@evenkeel/contracts';
import type { Asked, AuthorizationDesk } from '../authorization/authorization-desk';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';

export class TermsDesk {
  constructor(
    private readonly stations: StationView,
    private readonly catalogue: CatalogueView,
    private readonly authorizations: AuthorizationDesk,
  ) {}

  /** @throws Problem for an unknown connector, location or tariff: a missing tariff is an error to be mended, never a price of 0. */
  async agree({ stationId, evseId, connectorId, token, at }: ChargingTermsRequest): Promise<ChargingTerms> {
    const { row, evse, connector } = await this.stations.connectorOf(stationId, evseId, connectorId);
    const { party, locationId } = row.registered;
    if (connector.tariffId === undefined) throw new Problem('not-found', `connector ${evse.uid}/${connector.connectorId} has no tariff`);
    const [location, tariff, payer] = await Promise.all([
      this.catalogue.location(party, locationId),
      this.catalogue.tariffAt(party, connector.tariffId, at),
      token ? this.payerOf({ token, stationId, evseId: evse.evseId, purpose: 'bill', at }) : undefined,
    ]);
    const place = placeOf(location, evse, connector);
    return { agreedFor: at, ...(token ? { token } : {}), place, tariff, ...(payer ? { payer } : {}) };
  }

  private async payerOf(asked: Asked): Promise<Payer | undefined> {
    const { token, verdict, authorizationReference, authMethod = 'WHITELIST', limits } = await this.authorizations.judge(asked);
    if (!token) return undefined;
    return {
      party: token.party,
      key: asked.token.key,
      type: token.type,
      verdict,
      authMethod,
      ...(authorizationReference === undefined ? {} : { authorizationReference }),
      ...(limits === undefined ? {} : { limits }),
    };
  }
}

export function placeOf(location: Location, evse: Evse, connector: Connector): ChargingPlace {
  const { party: _, ...place } = location;
  return {
    ...place,
    evseUid: evse.uid,
    ...(evse.emi3Id === undefined ? {} : { evseEmi3Id: evse.emi3Id }),
    connectorId: String(connector.connectorId),
    connectorStandard: connector.standard,
    connectorFormat: connector.format,
    connectorPowerType: connector.powerType,
    connectorMaxPowerW: maxPowerOf(connector),
  };
}

/** In W, by what its voltage and current allow where nobody registered it. */
export function maxPowerOf(connector: Connector): number {
  return connector.maxPowerW ?? electricalLimitW(connector);
}

/** Voltage is between line and neutral where there are three phases (OCPI 2.2.1 Connector.max_voltage). */
function electricalLimitW({ maxVoltageV, maxCurrentA, powerType }: Connector): number {
  const phases = powerType === 'AC_3_PHASE' ? 3 : powerType === 'AC_2_PHASE' ? 2 : 1;
  return maxVoltageV * maxCurrentA * phases;
}
