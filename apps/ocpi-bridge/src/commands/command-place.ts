// Where a command is meant: the station, EVSE and connector behind the ids of OCPI, which are compared without case.
import type { PublishedEvse } from '@evenkeel/contracts';
import { OcpiProblem, statusCodes } from '@evenkeel/ocpi';
import type { Published } from '../delivery/published';
import type { Platform } from '../platform';

export type Found = { ok: true; stationId: string; evseId?: number; connectorId?: number } | { ok: false; reason: string };

export class CommandPlaces {
  constructor(
    private readonly published: Pick<Published, 'location'>,
    private readonly platform: Pick<Platform, 'party'>,
  ) {}

  /** @throws OcpiProblem 2003 for a location that is not ours (OCPI status_codes). */
  async find(locationId: string, evseUid: string | undefined, connectorId: string | undefined): Promise<Found> {
    const location = await this.published.location(this.platform.party, locationId);
    if (!location) throw OcpiProblem.invalid(`there is no location ${locationId}`, statusCodes.unknownLocation);
    return placeIn(location.evses, evseUid, connectorId);
  }
}

/** Without an EVSE the station is meant, where the location has one only: at another one somebody else may be plugged in. */
export function placeIn(evses: readonly PublishedEvse[], evseUid: string | undefined, connectorId: string | undefined): Found {
  if (evseUid === undefined) {
    const [stationId, ...others] = new Set(evses.map((evse) => evse.stationId));
    if (stationId === undefined || others.length > 0) return { ok: false, reason: 'the location has several chargers: name the EVSE' };
    if (connectorId !== undefined) return { ok: false, reason: 'a connector without its EVSE is not enough' };
    return { ok: true, stationId };
  }
  const evse = evses.find(({ uid }) => uid.toLowerCase() === evseUid.toLowerCase());
  if (!evse) return { ok: false, reason: `the location has no EVSE ${evseUid}` };
  const { stationId, evseId } = evse;
  if (connectorId === undefined) return { ok: true, stationId, evseId };
  const connector = evse.connectors.find((each) => String(each.connectorId) === connectorId);
  if (!connector) return { ok: false, reason: `the EVSE has no connector ${connectorId}` };
  return { ok: true, stationId, evseId, connectorId: connector.connectorId };
}
