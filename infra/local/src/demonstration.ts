// The story that `npm start` tells: one station charges twice, once for a driver of its own operator and once for a driver who roams. Every
// frame, event, CDR and delivery on the way is shown as it happens; nothing in it is prepared.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CdrExplanation, CdrView } from '@evenkeel/contracts';
import { EventStoreDb, type StoredEvent, type Subscription } from '@evenkeel/event-store';
import { type NetworkFile, parseNetworkFile, stationPassword } from '@evenkeel/registry';
import { acceleratedClock, type ChargeRecord, SimulatedStation } from '@evenkeel/station-simulator';
import type { Network } from './network';
import type { NetworkAddresses } from './network-addresses';
import type { PlatformName } from './platforms';
import { eventually, RestClient } from './rest-client';
import type { Terminal } from './terminal';

export const demoStation = 'CHG-SFO-DC-0001';

const followed = ['session-', 'cdr-', 'delivery-', 'partnercdr-', 'purchase-'];
const MINUTE_MS = 60_000;

export interface Consoles {
  chargem: RestClient;
  mobilityyou: RestClient;
}

export async function networkFileOf(platform: PlatformName): Promise<NetworkFile> {
  return parseNetworkFile(await readFile(join(__dirname, '..', 'networks', `${platform}.json`), 'utf8'));
}

export async function loginToConsoles(network: NetworkAddresses): Promise<Consoles> {
  const [chargem, mobilityyou] = await Promise.all([loginToConsole(network, 'chargem'), loginToConsole(network, 'mobilityyou')]);
  return { chargem, mobilityyou };
}

/** As the platform's first operator. */
export async function loginToConsole(network: NetworkAddresses, platform: PlatformName): Promise<RestClient> {
  const [operator] = (await networkFileOf(platform)).operators;
  if (!operator) throw new Error(`${platform} has no operator`);
  return RestClient.login(network.consoleUrl(platform), operator.username, operator.password);
}

/** Chargem invites MobilityYou, MobilityYou accepts by the credentials handshake, and Chargem pulls its tokens. Done once. */
export async function introducePartners(network: Network, { chargem, mobilityyou }: Consoles, terminal: Terminal): Promise<void> {
  const known = (await mobilityyou.partners()).some((partner) => partner.status === 'registered');
  if (!known) {
    const invitation = await chargem.post<{ tokenA: string }>('/partners', { name: 'MobilityYou' });
    terminal.step('Chargem invites MobilityYou to roam and hands over credentials token A');
    const versionsUrl = network.ocpiVersionsUrl('chargem');
    const partner = await mobilityyou.post<{ version?: string }>('/partners', { name: 'Chargem', versionsUrl, tokenA: invitation.tokenA });
    terminal.step(
      `MobilityYou registers with Chargem: OCPI ${partner.version ?? ''} credentials handshake done (tokens B and C exchanged)`,
    );
  }
  await eventually("MobilityYou's tokens at Chargem", async () => {
    const { items } = await chargem.get<{ items: { party: string }[] }>('/tokens?limit=1000');
    return items.some((token) => token.party === 'US-MOB') ? true : undefined;
  });
  terminal.step(known ? 'Chargem and MobilityYou roam with each other already' : "Chargem has pulled MobilityYou's tokens");
}

export async function tellStory(network: Network, consoles: Consoles, terminal: Terminal): Promise<void> {
  const [chargem, mobilityYou] = await Promise.all([networkFileOf('chargem'), networkFileOf('mobilityyou')]);
  const own = tokenOf(chargem);
  const roaming = tokenOf(mobilityYou);
  const followers = [follow(network, 'chargem', terminal), follow(network, 'mobilityyou', terminal)];
  const station = await SimulatedStation.connect({
    url: network.ocppUrl,
    identity: demoStation,
    password: stationPassword(chargem.passwordSecret, demoStation),
    version: '1.6',
    // A session of three quarters of an hour is reported in seconds, with timestamps of the past hour.
    clock: acceleratedClock(600),
    log: (line) => terminal.frame(line),
  });
  try {
    await station.bootUntilAccepted();
    terminal.heading('A Chargem driver charges with an RFID card');
    const first = await station.charge({ ...plan(1), token: own, startedAt: Date.now() - 55 * MINUTE_MS });
    const firstCdr = await cdrOf(consoles.chargem, first);
    terminal.heading('A MobilityYou driver charges at the same station, roaming');
    const second = await station.charge({ ...plan(2), token: roaming, startedAt: Date.now() - 50 * MINUTE_MS });
    const secondCdr = await cdrOf(consoles.chargem, second);
    const received = await eventually('the roaming CDR at MobilityYou', async () => {
      const { items } = await consoles.mobilityyou.get<{ items: { cdrId: string }[] }>('/cdrs?limit=1000');
      const found = items.find((cdr) => cdr.cdrId === secondCdr.view.cdrId);
      return found && consoles.mobilityyou.cdr(found.cdrId);
    });
    terminal.heading('The two CDRs');
    terminal.cdr('Chargem, own driver', firstCdr.view, firstCdr.explanation);
    terminal.cdr('Chargem, roaming driver of MobilityYou', secondCdr.view, secondCdr.explanation);
    terminal.received(secondCdr.view, received);
  } finally {
    await station.close();
    await Promise.all(followers.map((follower) => follower.stop()));
  }
}

function plan(connectorId: number) {
  return { connectorId, energyWh: 28_400 + connectorId * 1_350, meterValues: 8, secondsBetweenMeterValues: 300, idleSeconds: 7 * 60 };
}

function tokenOf({ tokens }: NetworkFile): string {
  const token = tokens.find((each) => each.valid);
  if (!token) throw new Error('the network file has no valid token');
  return token.uid;
}

async function cdrOf(console: RestClient, { transactionId }: ChargeRecord): Promise<{ view: CdrView; explanation: CdrExplanation }> {
  const summary = await eventually(`the CDR of transaction ${transactionId}`, async () => {
    const session = await console.sessionOf(demoStation, transactionId);
    return session && (await console.cdrsOf(session.sessionId))[0];
  });
  return { view: await console.cdr(summary.cdrId), explanation: await console.explanation(summary.cdrId) };
}

/** Shows a platform's events as they are stored. */
function follow(network: Network, platform: PlatformName, terminal: Terminal): { stop(): Promise<void> } {
  const store = new EventStoreDb(network.stores[platform].url);
  const subscription: Subscription = store.subscribe(
    { streamPrefixes: followed, after: 'end', onFailure: (error) => terminal.trouble(String(error)) },
    async (events: readonly StoredEvent[]) => {
      for (const event of events) terminal.event(platform, event);
    },
  );
  return {
    async stop() {
      await subscription.stop();
      await store.close();
    },
  };
}
