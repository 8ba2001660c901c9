// A completed session to be billed, for tests.
import type { SessionSnapshot, Tariff } from '@evenkeel/contracts';

const party = 'US-CHG';

export const perKwhAndIdle: Tariff['elements'] = [
  {
    priceComponents: [
      { type: 'ENERGY', price: '0.56', stepSize: 1 },
      { type: 'PARKING_TIME', price: '24.00', stepSize: 60 },
    ],
  },
];

/** A session of a driver of our own: half an hour at 0.56 a kWh, and some minutes parked. */
export function completed(changes: Partial<SessionSnapshot> = {}, elements = perKwhAndIdle): SessionSnapshot {
  return {
    sessionId: '3f0d3f5e-0000-5000-8000-000000000001',
    party,
    revision: 8,
    status: 'completed',
    stationId: 'CP1',
    transactionId: '7',
    ocppVersion: '1.6',
    startedAt: '2026-03-01T18:00:00.000Z',
    endedAt: '2026-03-01T18:50:00.000Z',
    energyWh: '30000',
    periods: [
      { startedAt: '2026-03-01T18:00:00.000Z', kind: 'charging', energyWh: '30000', evidence: ['start-fact', 'reading-fact'] },
      { startedAt: '2026-03-01T18:42:30.000Z', kind: 'parking', energyWh: '0', evidence: ['suspended-fact'] },
    ],
    terms: {
      agreedFor: '2026-03-01T18:00:00.000Z',
      place: {
        locationId: 'L',
        name: 'Site',
        address: '1 Street',
        city: 'City',
        country: 'USA',
        latitude: '37.7',
        longitude: '-122.4',
        timeZone: 'America/Los_Angeles',
        evseUid: 'CP1-1',
        connectorId: '1',
        connectorStandard: 'IEC_62196_T1_COMBO',
        connectorFormat: 'CABLE',
        connectorPowerType: 'DC',
      },
      tariff: {
        countryCode: 'US',
        partyId: 'CHG',
        id: 'T',
        currency: 'USD',
        elements,
        taxIncluded: 'N/A',
        lastUpdated: '2026-01-01T00:00:00.000Z',
      },
      payer: { party, key: 'a'.repeat(32), type: 'RFID', verdict: 'Accepted', authMethod: 'WHITELIST' },
    },
    flags: [],
    updatedAt: '2026-03-01T18:50:00.000Z',
    ...changes,
  };
}
