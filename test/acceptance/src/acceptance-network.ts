// The one network of all cases. Jest starts it before the first file of cases and stops it after the last; the files are told by an
// environment variable where it is. Chargem only: nobody roams here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, loginToConsole, Network, NetworkAddresses, type NetworkPlace, type RestClient } from '@evenkeel/local';
import { freePort } from '@evenkeel/testkit';
import type { Payload } from './minimal-station';

/** Where stations connect: gateways side by side, for cases that need another setting. */
export const DOORS = {
  usual: {},
  /** Does not wait long for the answer of a station. */
  impatient: { CALL_TIMEOUT_MS: '2000' },
  /** Looks often whether a station is still there. */
  watchful: { PING_INTERVAL_MS: '1000' },
  /** Lets those who have failed try again at once. */
  lenient: { FREE_FAILURES: '1000' },
} as const;
export type Door = keyof typeof DOORS;

/** Drivers of the cases, by what the cases call them. */
const TOKENS: Readonly<Record<string, Payload>> = {
  OK1: {},
  OK2: {},
  GRP1: { groupId: 'G' },
  GRP2: { groupId: 'G' },
  BLK: { valid: false },
  EXP: { expiresAt: '2020-01-01T00:00:00.000Z' },
  PRE0: { prepaid: { currency: 'USD' } },
  PRE10: { prepaid: { currency: 'USD' } },
  LIM: { limits: { maxEnergyWh: '20000' } },
};
const WANTED = new Set(['registry', 'session-ledger', 'billing', 'ocpp-gateway', 'console']);
const SETTINGS = {
  // Nothing here comes late, so nothing is waited for.
  'session-ledger': { SESSION_POLICIES: JSON.stringify({ 'US-CHG': { settleSeconds: 1 } }) },
  registry: { FLEET_LOOK_MS: '200' },
};
const VARIABLE = 'EVENKEEL_ACCEPTANCE_NETWORK';

interface Told {
  readonly place: NetworkPlace;
  readonly doorUrls: Readonly<Record<Door, string>>;
}

const stops: (() => Promise<unknown>)[] = [];

/** Starts the network with everything that the cases take for granted. @throws after stopping what had started. */
export async function startAcceptanceNetwork(): Promise<void> {
  try {
    const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-acceptance-'));
    stops.push(() => rm(dataFolder, { recursive: true, force: true }));
    const place = { dataFolder, ports: await freePorts(), host: '127.0.0.1' };
    const network = await Network.start({
      ...place,
      settings: SETTINGS,
      wants: (platform, service) => platform === 'chargem' && WANTED.has(service),
      progress: () => undefined,
    });
    stops.push(() => network.stop());
    const [impatient, watchful, lenient] = await Promise.all([
      openDoor(network, 'impatient'),
      openDoor(network, 'watchful'),
      openDoor(network, 'lenient'),
    ]);
    await registerTheGiven(await loginToConsole(network, 'chargem'));
    const told: Told = { place, doorUrls: { usual: network.ocppUrl, impatient, watchful, lenient } };
    process.env[VARIABLE] = JSON.stringify(told);
  } catch (error) {
    await stopAcceptanceNetwork();
    throw error;
  }
}

export async function stopAcceptanceNetwork(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

/** The running network, and the URLs of its doors. */
export function acceptanceNetwork(): { readonly network: NetworkAddresses; readonly doorUrls: Told['doorUrls'] } {
  const { place, doorUrls } = JSON.parse(process.env[VARIABLE] ?? 'null') as Told;
  return { network: new NetworkAddresses(place), doorUrls };
}

async function openDoor(network: Network, door: Door): Promise<string> {
  const [port, tlsPort, healthPort] = (await Promise.all([freePort(), freePort(), freePort()])).map(String);
  const gateway = network
    .service('chargem', 'ocpp-gateway')
    .beside({ OCPP_PORT: port, OCPP_TLS_PORT: tlsPort, HEALTH_PORT: healthPort, ...DOORS[door] });
  stops.push(() => gateway.stop());
  await gateway.start();
  return `ws://${network.options.host}:${port}/ocpp`;
}

async function registerTheGiven(chargem: RestClient): Promise<void> {
  for (const [uid, more] of Object.entries(TOKENS)) {
    const token = { uid, type: 'RFID', contractId: `C-${uid}`, issuer: 'Chargem', valid: true, whitelist: 'NEVER' };
    await chargem.post('/tokens', { ...token, ...more });
  }
  for (const [id, price] of [
    ['PER-KWH', '0.30'],
    ['FREE', '0'],
  ] as const) {
    const elements = [{ priceComponents: [{ type: 'ENERGY', price, stepSize: 1 }] }];
    await chargem.post('/tariffs', { id, currency: 'USD', type: 'REGULAR', elements, taxIncluded: 'N/A' });
  }
}
