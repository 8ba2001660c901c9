// What the registries of the specs publish, and what the scripted partner US-RAW sends.
import type { PublishedLocation, TokenRecord } from '@evenkeel/contracts';

export function tokenOf(uid: string): TokenRecord {
  const contract = { contractId: `US-MOB-${uid}`, issuer: 'MobilityYou', valid: true, whitelist: 'ALLOWED' } as const;
  return { party: 'US-MOB', uid, type: 'RFID', ...contract, lastUpdated: '2026-01-01T00:00:00.000Z' };
}

export function locationOf(index: number): PublishedLocation {
  const connector = {
    connectorId: 1,
    standard: 'IEC_62196_T1_COMBO',
    format: 'CABLE',
    powerType: 'DC',
    maxVoltageV: 920,
    maxCurrentA: 350,
  } as const;
  const evse = {
    evseId: 1,
    uid: `LOC-${index}-1`,
    connectors: [connector],
    stationId: `CP${index}`,
    status: 'AVAILABLE',
    lastUpdated: '2026-01-01T00:00:00.000Z',
  };
  const address = { name: `Site ${index}`, address: `${index} Main Street`, city: 'Oakland', country: 'USA' };
  const position = { latitude: '37.8', longitude: '-122.27', timeZone: 'America/Los_Angeles' };
  return { locationId: `LOC-${index}`, party: 'US-CHG', ...address, ...position, evses: [evse], lastUpdated: '2026-01-01T00:00:00.000Z' };
}

const rawOwner = { country_code: 'US', party_id: 'RAW' };

export function wireToken(uid: string) {
  const contract = { contract_id: 'US-RAW-1', issuer: 'Raw', valid: true, whitelist: 'ALLOWED' };
  return { ...rawOwner, uid, type: 'RFID', ...contract, last_updated: '2026-04-01T00:00:00Z' };
}

const rawDriver = { country_code: 'US', party_id: 'MOB', uid: 'CARD3', type: 'RFID', contract_id: 'US-MOB-CARD3' };
const rawPosition = { coordinates: { latitude: '37.80440', longitude: '-122.27120' } };

/** One period with charging and parking in it, as some platforms write them. */
export function wireCdr() {
  const place = {
    id: 'L1',
    address: '1 Pier',
    city: 'Oakland',
    country: 'USA',
    ...rawPosition,
    evse_uid: 'E2',
    evse_id: 'US*RAW*E2',
    connector_id: '1',
  };
  const connector = { connector_standard: 'IEC_62196_T2', connector_format: 'SOCKET', connector_power_type: 'AC_3_PHASE' };
  const dimensions = [
    { type: 'ENERGY', volume: 10.2505 },
    { type: 'TIME', volume: 1 },
    { type: 'PARKING_TIME', volume: 0.5 },
  ];
  return {
    ...{ ...rawOwner, id: 'CDR-1', start_date_time: '2026-04-01T08:00:00Z', end_date_time: '2026-04-01T09:30:00Z' },
    ...{ cdr_token: rawDriver, auth_method: 'AUTH_REQUEST', cdr_location: { ...place, ...connector }, currency: 'USD' },
    charging_periods: [{ start_date_time: '2026-04-01T08:00:00Z', dimensions }],
    ...{ total_cost: { excl_vat: 4.61 }, total_energy: 10.2505, total_time: 1.5, last_updated: '2026-04-01T09:31:00Z' },
  };
}

export function wireSession(id: string, charging_periods: unknown[]) {
  const place = { location_id: 'L1', evse_uid: 'E2', connector_id: '1', currency: 'USD' };
  return {
    ...{ ...rawOwner, id, start_date_time: '2026-04-01T08:00:00Z', kwh: 1, cdr_token: rawDriver, auth_method: 'AUTH_REQUEST' },
    ...{ ...place, charging_periods, status: 'ACTIVE', last_updated: '2026-04-01T08:05:00Z' },
  };
}

export function wireLocation(id: string) {
  const address = { publish: true, address: '1 Pier', city: 'Oakland', country: 'USA', time_zone: 'America/Los_Angeles' };
  return { ...rawOwner, id, ...address, ...rawPosition, last_updated: '2026-05-01T00:00:00Z' };
}

export function wireConnector() {
  const plug = { standard: 'IEC_62196_T2', format: 'SOCKET', power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 };
  return { id: '1', ...plug, last_updated: '2026-05-02T00:00:00Z' };
}

export function wireTariff(id: string) {
  const elements = [{ price_components: [{ type: 'ENERGY', price: 0.35, step_size: 1 }] }];
  return { ...rawOwner, id, currency: 'USD', elements, last_updated: '2026-05-01T00:00:00Z' };
}

export const terminal = {
  ...{ terminal_id: 'TERMINAL-1', address: '7 Main Street', city: 'Oakland', country: 'USA', reference: 'SN-40017' },
  coordinates: { latitude: '37.80440', longitude: '-122.27120' },
  ...{ invoice_creator: 'CPO', location_ids: [] as string[], evse_uids: [] as string[], last_updated: '2026-04-01T00:00:00Z' },
};

/** The name in it is nobody's business but the provider's. */
export const financialAdvice = {
  ...{ id: 'ADVICE-1', authorization_reference: 'tap-0042', total_costs: { before_taxes: 12.5, taxes: [{ name: 'VAT', amount: 2.5 }] } },
  ...{ currency: 'EUR', eft_data: ['Debit', 'Card: **** 4711', 'Ada Lovelace'], capture_status_code: 'SUCCESS' },
  ...{ capture_status_message: 'captured from A. Lovelace', last_updated: '2026-04-01T09:00:00Z' },
};
