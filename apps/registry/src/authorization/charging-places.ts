// Where a token may charge that may not charge everywhere (OCPP 2.0.1 C01.FR.19 to C01.FR.22). Pure.
import type { Evse, Token, TokenVerdict } from '@evenkeel/contracts';

export interface Allowed {
  readonly verdict: Extract<TokenVerdict, 'Accepted' | 'NotAtThisLocation' | 'NotAllowedTypeEVSE'>;
  /** Where the driver must choose among the station's EVSEs. */
  readonly evseIds?: number[];
}

export interface Site {
  readonly locationId: string;
  readonly evses: readonly Evse[];
}

/** @param evseId undefined while the driver has not chosen one. */
export function allowedAt(chargesAt: Token['chargesAt'], { locationId, evses }: Site, evseId: number | undefined): Allowed {
  if (chargesAt === undefined) return { verdict: 'Accepted' };
  const { locationIds, evseUids, connectorStandards } = chargesAt;
  if (!includes(locationIds, locationId)) return { verdict: 'NotAtThisLocation' };
  const asked = evseId === undefined ? evses : evses.filter((evse) => evse.evseId === evseId);
  const here = asked.filter(({ uid }) => includes(evseUids, uid));
  if (here.length === 0) return { verdict: 'NotAtThisLocation' };
  const fitting = here.filter(({ connectors }) => connectors.some(({ standard }) => includes(connectorStandards, standard)));
  if (fitting.length === 0) return { verdict: 'NotAllowedTypeEVSE' };
  return { verdict: 'Accepted', ...(fitting.length < asked.length ? { evseIds: fitting.map((evse) => evse.evseId) } : {}) };
}

/** Identifiers of OCPI are compared without regard to case. */
function includes(list: readonly string[] | undefined, id: string): boolean {
  return list === undefined || list.some((each) => each.toLowerCase() === id.toLowerCase());
}
