// A body for each operation that takes one, shown in the OpenAPI document. Each fits its schema: a test holds them against it.
export const login = { username: 'ada', password: 'correct horse battery staple' };

export const station = {
  stationId: 'CHG-OAK-DC-0042',
  locationId: 'LOC-OAK',
  vendor: 'Voltmark',
  model: 'HyperPost 150',
  password: 'a-long-random-password',
  registration: 'accepted',
  evses: [
    {
      evseId: 1,
      uid: 'CHG-OAK-DC-0042-1',
      emi3Id: 'US*CHG*EOAK0042*1',
      connectors: [
        {
          connectorId: 1,
          standard: 'IEC_62196_T1_COMBO',
          format: 'CABLE',
          powerType: 'DC',
          maxVoltageV: 920,
          maxCurrentA: 350,
          maxPowerW: 150_000,
          tariffId: 'CHG-TOU',
        },
      ],
    },
  ],
};
export const stationChange = { model: 'HyperPost 180', registration: 'pending' };

export const rawCall = { key: ['HeartbeatInterval'] };

export const location = {
  locationId: 'LOC-OAK',
  name: 'Oakland, Broadway',
  address: '107 Broadway',
  city: 'Oakland',
  postalCode: '94607',
  state: 'CA',
  country: 'USA',
  latitude: '37.8044',
  longitude: '-122.2712',
  timeZone: 'America/Los_Angeles',
};
export const tariff = {
  id: 'CHG-KWH',
  currency: 'USD',
  type: 'REGULAR',
  elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.45', stepSize: 1 }] }],
  taxIncluded: 'N/A',
  altText: '$0.45 per kWh',
};
export const retailTariff = { tariffId: 'CHG-KWH' };
export const tariffToCheck = {
  tariff: { ...tariff, id: 'CHG-NEW', type: 'AD_HOC_PAYMENT' },
  context: { jurisdictions: ['nevi', 'california'], currency: 'USD', maxPowerKw: '150', timeZone: 'America/Los_Angeles' },
};
export const tariffToSimulate = {
  tariff: { ...tariff, id: 'CHG-NEW' },
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-08T00:00:00.000Z',
  insteadOf: 'CHG-KWH',
};
export const rerating = {
  tariffId: 'CHG-KWH',
  insteadOf: 'CHG-KWH',
  from: '2026-03-01T00:00:00Z',
  to: '2026-04-01T00:00:00Z',
  reason: 'the price was registered with a digit too many',
};
export const driver = { driverId: 'driver-0042', name: 'Ada Example', email: 'ada@example.com', language: 'en' };
export const token = {
  uid: '04A1B2C3D4E581',
  type: 'RFID',
  contractId: 'US-CHG-C00000042-1',
  issuer: 'Chargem',
  valid: true,
  whitelist: 'ALWAYS',
  driverId: 'driver-0042',
};
export const balance = { balance: '25.00', currency: 'USD', reason: 'Carried over from the old card.' };
export const topUp = { amount: '20.00', currency: 'USD', reference: 'receipt-2026-0042' };
export const partner = {
  name: 'MobilityYou',
  versionsUrl: 'https://ocpi.mobilityyou.example/versions',
  tokenA: 'credentials-token-a-of-the-invitation',
};
export const partnerChange = { allowedAddresses: ['192.0.2.0/24', '2001:db8:12::/48'] };
export const redelivery = { module: 'cdrs', from: '2026-03-01T00:00:00Z' };
export const release = { reason: 'The display showed 1234.5 kWh when the cable was pulled.', readings: { meterStopWh: '1234500' } };
export const denial = { reason: 'A test by the installer.' };
export const lowering = { reason: 'The certificate store was replaced; profile 3 follows next week.' };
export const revocation = { reason: 'keyCompromise' };

export const budget = {
  locationId: 'LOC-1',
  unit: 'A',
  limit: 160,
  windows: [{ from: '17:00', until: '21:00', limit: 80 }],
  timeZone: 'America/New_York',
};
