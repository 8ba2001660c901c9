// What a delivery looks like on the wire: the partner's version decides the form, the module the method and the address.
import {
  type PartyKey,
  type PublishedLocation,
  type SignedReading,
  splitPartyKey,
  type Tariff,
  type TokenRecord,
} from '@evenkeel/contracts';
import { type Background, canonical, type Expressed, ocpiVersions, written } from '@evenkeel/ocpi';
import { partnerEndpoint, type Role } from '../interfaces';
import type { RegisteredPartner } from '../partner/partner-view';
import type { Deliverable } from './delivery';

export interface Push {
  method: 'PUT' | 'POST';
  url: string;
  body: unknown;
}

export interface ToPush {
  object: Deliverable;
  /** Whom it is about, where it is about a person. */
  bearer?: TokenRecord;
  background?: Background;
  /** Of a CDR. */
  signed?: readonly SignedReading[];
  /** Of a location: as it is published. */
  location?: PublishedLocation;
  tariff?: Tariff;
  operatorName: string;
}

export function pushOf(
  { object, bearer, background, signed, location, tariff, operatorName }: ToPush,
  { registration }: RegisteredPartner,
  ourRole: Role,
): Expressed<Push> {
  const version = ocpiVersions[registration.version];
  const endpoint = partnerEndpoint(registration.endpoints, ourRole, object.module);
  if (endpoint === undefined) return { ok: false, reason: `the partner has no ${object.module} receiver` };
  const nobody = { ok: false, reason: 'nobody is known to pay for it' } as const;
  const unpublished = { ok: false, reason: 'it is not published any more' } as const;
  switch (object.module) {
    case 'locations': {
      if (!location) return unpublished;
      const said = written(version.location, canonical.location.write(location, operatorName));
      return sent(said, 'PUT', `${endpoint}/${ownerPath(object.party)}/${encodeURIComponent(object.locationId)}`);
    }
    case 'tariffs': {
      if (!tariff) return unpublished;
      const said = written(version.tariff, canonical.tariff.write(tariff));
      return sent(said, 'PUT', `${endpoint}/${ownerPath(object.party)}/${encodeURIComponent(object.tariffId)}`);
    }
    case 'sessions': {
      if (!bearer) return nobody;
      const { party, sessionId } = object.session;
      return sent(
        written(version.session, canonical.session.write(object.session, bearer), background),
        'PUT',
        `${endpoint}/${ownerPath(party)}/${encodeURIComponent(sessionId)}`,
      );
    }
    case 'cdrs':
      if (!bearer) return nobody;
      return sent(written(version.cdr, canonical.cdr.write(object.cdr, bearer, signed), background), 'POST', endpoint);
    case 'tokens': {
      if (!bearer) return nobody;
      const { party, uid, type } = bearer;
      return sent(
        written(version.token, canonical.token.write(bearer)),
        'PUT',
        `${endpoint}/${ownerPath(party)}/${encodeURIComponent(uid)}?type=${type}`,
      );
    }
  }
}

function sent(said: Expressed<unknown>, method: Push['method'], url: string): Expressed<Push> {
  return said.ok ? { ok: true, wire: { method, url, body: said.wire }, losses: said.losses } : said;
}

function ownerPath(party: PartyKey): string {
  const { countryCode, partyId } = splitPartyKey(party);
  return `${countryCode}/${partyId}`;
}

/** A partner's reason without the person in it, who may be named there: reasons are stored and logged. */
export function withoutBearer(reason: string, bearer: TokenRecord | undefined): string {
  if (!bearer) return reason;
  const { uid, contractId, visualNumber } = bearer;
  const names = [uid, contractId, ...(visualNumber === undefined ? [] : [visualNumber])];
  // The longest first: a contract id may contain the uid.
  const pattern = names
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  return reason.replace(new RegExp(pattern, 'gi'), '[token]');
}
