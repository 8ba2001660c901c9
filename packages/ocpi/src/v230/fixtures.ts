// Objects as the rest of the platform knows them, for the specs of the mappers.
import type { Cdr, PublishedLocation, SessionSnapshot, Tariff } from '@evenkeel/contracts';
import type { Bearer } from './session';

export const tariff: Tariff = {
  countryCode: 'US',
  partyId: 'CHG',
  id: 'DAY',
  currency: 'USD',
  type: 'REGULAR',
  elements: [
    {
      priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }],
      restrictions: { startTime: '07:00', endTime: '22:00', minPowerKw: '3.7' },
    },
    { priceComponents: [{ type: 'PARKING_TIME', price: '6', stepSize: 60 }] },
  ],
  altText: '45 cents a kWh by day, 6 dollars an hour of parking',
  taxIncluded: 'NO',
  lastUpdated: '2026-01-01T00:00:00.000Z',
};

export const location: PublishedLocation = {
  locationId: 'HARBOR',
  party: 'US-CHG',
  name: 'Harbor Street Garage',
  address: '12 Harbor Street',
  city: 'Oakland',
  postalCode: '94607',
  state: 'CA',
  country: 'USA',
  latitude: '37.8',
  longitude: '-122.27123456789',
  timeZone: 'America/Los_Angeles',
  evses: [
    {
      evseId: 1,
      uid: 'HARBOR-1',
      emi3Id: 'US*CHG*E7*1',
      connectors: [
        {
          connectorId: 1,
          standard: 'IEC_62196_T1_COMBO',
          format: 'CABLE',
          powerType: 'DC',
          maxVoltageV: 920,
          maxCurrentA: 350,
          maxPowerW: 150_000,
          tariffId: 'DAY',
        },
        { connectorId: 2, standard: 'SAE_J3400', format: 'CABLE', powerType: 'DC', maxVoltageV: 920, maxCurrentA: 350 },
      ],
      stationId: 'CP7',
      status: 'AVAILABLE',
      lastUpdated: '2026-02-01T00:00:00.000Z',
    },
  ],
  lastUpdated: '2026-02-01T00:00:00.000Z',
};

const { evses: _, party: __, lastUpdated: ___, ...site } = location;
const place = {
  ...site,
  evseUid: 'HARBOR-1',
  evseEmi3Id: 'US*CHG*E7*1',
  connectorId: '1',
  connectorStandard: 'IEC_62196_T1_COMBO',
  connectorFormat: 'CABLE',
  connectorPowerType: 'DC',
};

export const token = { key: 'a'.repeat(32), type: 'RFID' } as const;
export const bearer: Bearer = { party: 'US-MOB', uid: '04A1B2C3', type: 'RFID', contractId: 'US-MOB-C1' };

const payer = {
  party: 'US-MOB',
  ...token,
  verdict: 'Accepted',
  authMethod: 'AUTH_REQUEST',
  authorizationReference: 'REF-1',
} as const;

/** 40 minutes of charging with 5 kWh, then 20 of parking. */
export const cdr: Cdr = {
  cdrId: '6f9d2c1e-6d0e-5b0c-9a5d-1c2b3a4d5e6f',
  party: 'US-CHG',
  sessionId: '0c3d1d2e-8a4f-5c6b-8d7e-9f0a1b2c3d4e',
  stationId: 'CP7',
  transactionId: '7',
  startedAt: '2026-03-01T10:00:00.000Z',
  endedAt: '2026-03-01T11:00:00.000Z',
  place,
  payer,
  tariff,
  currency: 'USD',
  periods: [
    { startedAt: '2026-03-01T10:00:00.000Z', kind: 'charging', energyWh: '5000', maxPowerW: '11000', evidence: ['a'] },
    { startedAt: '2026-03-01T10:40:00.000Z', kind: 'parking', energyWh: '0', evidence: ['b'] },
  ],
  energyWh: '5000',
  durationSeconds: 3600,
  parkingSeconds: 1200,
  total: { beforeTaxes: '4.25', afterTaxes: '4.65', taxes: [{ name: 'CA', amount: '0.40' }] },
  totalEnergyCost: { beforeTaxes: '2.25' },
  totalParkingCost: { beforeTaxes: '2.00' },
  lines: [],
  flags: [],
  credit: false,
  sessionRevision: 4,
  issuedAt: '2026-03-01T11:00:05.000Z',
};

export const session: SessionSnapshot = {
  sessionId: cdr.sessionId,
  party: 'US-CHG',
  revision: 2,
  status: 'active',
  stationId: 'CP7',
  transactionId: '7',
  ocppVersion: '2.0.1',
  startedAt: '2026-03-01T10:00:00.000Z',
  energyWh: '2500.04',
  periods: [{ startedAt: '2026-03-01T10:00:00.000Z', kind: 'charging', energyWh: '2500.04', evidence: [] }],
  terms: { agreedFor: '2026-03-01T10:00:00.000Z', place, tariff, payer },
  flags: [],
  updatedAt: '2026-03-01T10:15:00.000Z',
};

/** Of a payment terminal provider, as it stands on the wire. */
export const terminal = {
  ...{ terminal_id: '7c1e0a52-4d0b-4a53-9c39-2f4f0f6f1b11', customer_reference: 'CHARGEM-OAKLAND' },
  ...{ address: '12 Harbor Street', city: 'Oakland', postal_code: '94607', country: 'USA' },
  coordinates: { latitude: '37.80000', longitude: '-122.27123' },
  ...{ invoice_base_url: 'https://invoices.chargem.example/', invoice_creator: 'CPO', reference: 'SN-40017' },
  ...{ location_ids: ['HARBOR'], evse_uids: ['HARBOR-1'], last_updated: '2026-03-01T10:00:00Z' },
};

export const financialAdvice = {
  ...{ id: '0d7f6f0e-5a0a-4a39-8a5e-6c1c6e6d2a90', authorization_reference: 'tap-20260301-0042' },
  total_costs: { before_taxes: 12.5, taxes: [{ name: 'VAT', percentage: 20, amount: 2.5 }] },
  ...{ currency: 'EUR', eft_data: ['Debit', 'AID: A0000000031010', 'EUR 15.00'] },
  ...{ capture_status_code: 'SUCCESS', capture_status_message: 'captured', last_updated: '2026-03-01T11:00:00Z' },
};
