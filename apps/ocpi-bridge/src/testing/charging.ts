// A session and its CDR as the ledger and billing say them, for specs.
import { type Cdr, IdentityHash, idOf, type PartyKey, type SessionSnapshot, type Tariff } from '@evenkeel/contracts';

export const identitySecret = '1d'.repeat(32);
export const identity = new IdentityHash(identitySecret);

export const tariff: Tariff = {
  countryCode: 'US',
  partyId: 'CHG',
  id: 'DAY',
  currency: 'USD',
  elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }] }],
  taxIncluded: 'NO',
  lastUpdated: '2026-01-01T00:00:00.000Z',
};

const place = {
  locationId: 'LOC-7',
  name: 'Harbor Street Garage',
  address: '12 Harbor Street',
  city: 'Oakland',
  country: 'USA',
  latitude: '37.8044',
  longitude: '-122.2712',
  timeZone: 'America/Los_Angeles',
  evseUid: 'LOC-7-1',
  evseEmi3Id: 'US*CHG*E7*1',
  connectorId: '1',
  connectorStandard: 'IEC_62196_T1_COMBO',
  connectorFormat: 'CABLE',
  connectorPowerType: 'DC',
};

/** Half an hour of charging, 6 kWh, paid by a driver of the party. */
export function sessionOf(payer: PartyKey, name: string, change: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    sessionId: idOf('spec-session', name),
    party: 'US-CHG',
    revision: 5,
    status: 'completed',
    stationId: 'CP7',
    transactionId: name,
    ocppVersion: '1.6',
    evseId: 1,
    connectorId: 1,
    startedAt: '2026-03-01T10:00:00.000Z',
    endedAt: '2026-03-01T10:30:00.000Z',
    energyWh: '6000',
    periods: [{ startedAt: '2026-03-01T10:00:00.000Z', kind: 'charging', energyWh: '6000', evidence: [] }],
    terms: {
      agreedFor: '2026-03-01T10:00:00.000Z',
      place,
      tariff,
      payer: { party: payer, ...identity.referenceTo({ uid: 'CARD1', type: 'RFID' }), verdict: 'Accepted', authMethod: 'AUTH_REQUEST' },
    },
    flags: [],
    updatedAt: '2026-03-01T10:30:00.000Z',
    ...change,
  };
}

export function cdrOf(payer: PartyKey, name: string): Cdr {
  const { sessionId, periods, terms } = sessionOf(payer, name);
  const cost = { beforeTaxes: '2.70', afterTaxes: '2.70', taxes: [] };
  return {
    cdrId: idOf('spec-cdr', name),
    party: 'US-CHG',
    sessionId,
    stationId: 'CP7',
    transactionId: name,
    startedAt: '2026-03-01T10:00:00.000Z',
    endedAt: '2026-03-01T10:30:00.000Z',
    place,
    payer: terms.payer ?? missingPayer(),
    tariff,
    currency: 'USD',
    periods,
    energyWh: '6000',
    durationSeconds: 1800,
    parkingSeconds: 0,
    total: cost,
    totalEnergyCost: cost,
    lines: [],
    flags: [],
    credit: false,
    sessionRevision: 5,
    issuedAt: '2026-03-01T10:30:05.000Z',
  };
}

function missingPayer(): never {
  throw new Error('the session of the fixture has a payer');
}
