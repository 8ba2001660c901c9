// Two platforms roam in each version of OCPI, from the first location to the credit of a CDR that was wrong, and a bridge is killed at every
// step: in one walk the eMSP's, in the other the CPO's. The request of that step is lost, or the answer to it; in the end nothing is, and
// nothing was done twice.
import { isDeepStrictEqual } from 'node:util';
import type { CdrSummary, DriverBillSummary, PartnerCommand, SessionView, SettlementStatement, TrialBalance } from '@evenkeel/contracts';
import { databaseOf, eventually, type RestClient } from '@evenkeel/local';
import { acceleratedClock, SimulatedStation } from '@evenkeel/station-simulator';
import { type NetworkUnderTest, PROMPT, START_MS, startNetwork } from './network-under-test';
import type { Lost, Place } from './road';
import { type Offers, RoamingPair } from './roaming-pair';

const all = '2.3.0,2.2.1,2.1.1';
const LOST: readonly Lost[] = ['request', 'answer'];
const versions = ['2.1.1', '2.2.1', '2.3.0'];
const walks: readonly { version: string; killed: keyof Offers; offers: Offers; row: number }[] = [
  ...versions.map((version, row) => ({ version, killed: 'mobilityyou' as const, offers: { chargem: all, mobilityyou: version }, row })),
  ...versions.map((version, row) => ({ version, killed: 'chargem' as const, offers: { chargem: version, mobilityyou: all }, row })),
];

const MINUTE_MS = 60_000;
/** Starting a bridge again takes a busy machine a while. */
const STEP_MS = 90_000;
jest.setTimeout(2 * STEP_MS);
const within = (what: string, is: () => Promise<boolean>) => eventually(what, async () => ((await is()) ? true : undefined), STEP_MS);
/** The car takes 12.34 kWh in five minutes, and then waits to be unplugged. */
const CAR = { energyWh: 12_340, meterValues: 2, secondsBetweenMeterValues: 150, powerCurve: [1], idleSeconds: 100_000 };
/** 12.34 kWh at 0.50; and told later, that it took nothing in the last minute: 24.00 an hour for it. */
const [BILLED, CORRECTED] = ['6.17', '6.57'];
/** What the eMSP bills its driver: 0.60 and 10 % tax for the energy, and 12.00 an hour and 20 % for the last minute. */
const RETAIL = {
  id: 'MOB-AWAY',
  currency: 'USD',
  taxIncluded: 'NO',
  elements: [
    {
      priceComponents: [
        { type: 'ENERGY', price: '0.60', stepSize: 1, vat: '10' },
        { type: 'PARKING_TIME', price: '12.00', stepSize: 60, vat: '20' },
      ],
    },
  ],
};
/** 7.404 and 0.7404 tax; then 0.20 and 0.04 tax more. */
const [RETAILED, RETAILED_ANEW] = ['7.40 8.14', '7.60 8.38'];

let net: NetworkUnderTest;
let pair: RoamingPair;

beforeAll(async () => {
  net = await startNetwork({ 'session-ledger': PROMPT }, { strangers: true });
  pair = await RoamingPair.on(net);
  await net.consoles.mobilityyou.post('/tariffs', RETAIL);
  await net.consoles.mobilityyou.put('/retail-tariffs/default', { tariffId: RETAIL.id });
}, START_MS);
afterAll(async () => {
  await pair?.stop();
  await net?.stop();
}, 60_000);

describe.each(walks)('OCPI $version, and the bridge of $killed is killed at each step', ({ version, killed, offers, row }) => {
  const name = `PAIR-${killed === 'chargem' ? 'C' : 'E'}-${version.replaceAll('.', '')}`;
  const stationId = `CHG-${name}`;
  const evseUid = `${stationId}-1`;
  const card = { uid: `${name}-ASKED`, type: 'RFID' };
  const trusted = { uid: `${name}-TRUSTED`, type: 'RFID' };
  const commands: string[] = [];
  let steps = row;
  let station: SimulatedStation;
  let sessionId: string;
  let updating: Promise<void>;
  let billing: Promise<void>;

  /** What is lost takes turns, from step to step and from version to version. Nobody crashes before what must come `first`. */
  const accident = (road: keyof Offers, place: Place, first?: () => Promise<unknown>) =>
    pair.roads[road].accident(place, LOST[steps++ % LOST.length] ?? 'request', async () => {
      await first?.();
      await pair.crash(killed);
    });
  /** What the eMSP has of the CPO's, as it shows it to the CPO. */
  const atPartner = async <T>(path: string) => (await pair.roads.mobilityyou.read<T>(`/ocpi/emsp/${version}/${path}`)).data;
  const listed = async <T>(list: string) => (await pair.roads.chargem.read<T[]>(`/ocpi/cpo/${version}/${list}`)).data ?? [];
  const order = (what: string, body: object) => net.consoles.mobilityyou.post<PartnerCommand>(`/partners/US-CHG/${what}`, body);
  /** Of a bridge that may be away for a moment. */
  const command = (id: string) =>
    net.consoles.mobilityyou.get<PartnerCommand>(`/partner-commands/${id}`).catch((error: Error) => {
      if (!/answered 50[34]/.test(error.message)) throw error;
      return undefined;
    });
  const done = (id: string) => within('the result', async () => (await command(id))?.status === 'done');
  const settled = async (console: RestClient) =>
    within('a partner to whom nothing is due', async () => (await console.partners())[0]?.deliveriesPending === 0);
  const received = async () => {
    const { items } = await net.consoles.mobilityyou.get<{ items: CdrSummary[] }>('/cdrs?limit=1000');
    const ids = new Set((await net.consoles.chargem.cdrsOf(sessionId)).map(({ cdrId }) => cdrId));
    return items.filter(({ cdrId }) => ids.has(cdrId));
  };

  beforeAll(async () => {
    const { chargem } = net.consoles;
    const components = [
      { type: 'ENERGY', price: '0.50', stepSize: 1 },
      { type: 'PARKING_TIME', price: '24.00', stepSize: 60 },
    ];
    await chargem.post('/tariffs', { id: name, currency: 'USD', taxIncluded: 'N/A', elements: [{ priceComponents: components }] });
    const plug = { standard: 'IEC_62196_T1_COMBO', format: 'CABLE', powerType: 'DC', maxVoltageV: 920, maxCurrentA: 350 };
    const evses = [{ evseId: 1, uid: evseUid, connectors: [{ connectorId: 1, ...plug, maxPowerW: 150_000, tariffId: name }] }];
    const password = net.passwordOf(stationId);
    await chargem.post('/stations', { stationId, locationId: 'LOC-SFO', registration: 'accepted', password, evses });
    await pair.partAndOffer(offers);
    station = await SimulatedStation.connect({
      url: net.network.ocppUrl,
      identity: stationId,
      password,
      version: '1.6',
      connectors: 1,
      clock: acceleratedClock(100),
      remotePlan: CAR,
      log: (line) => commands.push(...(/< \[2,"[^"]*","(Remote\w+)"/.exec(line)?.slice(1) ?? [])),
    });
    await station.bootUntilAccepted();
  }, START_MS);
  afterAll(() => station?.close());

  it('agrees on it, and the eMSP learns where to charge and at what price', async () => {
    const pulled = accident('chargem', { method: 'GET', path: /\/locations\b/ }, () => met);
    const met = pair.meet();
    await met;
    await pulled;
    for (const console of [net.consoles.chargem, net.consoles.mobilityyou])
      expect((await console.partners()).map((partner) => partner.version)).toEqual([version]);
    await within('the tariff at the eMSP', async () => (await atPartner(`tariffs/US/CHG/${name}`)) !== undefined);
    await within('the location at the eMSP, as it is', async () => {
      const ours = (await listed<{ id: string; evses: { uid: string }[] }>('locations')).find(({ id }) => id === 'LOC-SFO');
      expect(ours?.evses.map(({ uid }) => uid)).toContain(evseUid);
      return isDeepStrictEqual(await atPartner('locations/US/CHG/LOC-SFO'), ours);
    });
  });

  it('has the tokens taken, each once', async () => {
    const pushed = accident('chargem', { method: 'PUT', path: /\/tokens\// });
    const kept = { issuer: 'MobilityYou', valid: true };
    await net.consoles.mobilityyou.post('/tokens', { ...card, ...kept, contractId: `US-MOB-${name}-A`, whitelist: 'NEVER' });
    await net.consoles.mobilityyou.post('/tokens', { ...trusted, ...kept, contractId: `US-MOB-${name}-T`, whitelist: 'ALWAYS' });
    await pushed;
    await within('the tokens at the CPO', async () => {
      const { items } = await net.consoles.chargem.get<{ items: { uid: string }[] }>('/tokens?limit=1000');
      const uids = items.map(({ uid }) => uid).filter((uid) => uid.startsWith(name));
      return uids.sort().join() === `${card.uid},${trusted.uid}`;
    });
  });

  it('asks about a card where its whitelist wants that, and lets nobody charge unasked', async () => {
    const place = { method: 'POST', path: /\/tokens\/[^/]+\/authorize/ };
    const asked = accident('mobilityyou', place);
    expect(await station.authorize(trusted.uid)).toBe('Accepted');
    expect(await station.authorize(card.uid)).not.toBe('Accepted');
    await asked;
    await within('the word of the eMSP', async () => (await station.authorize(card.uid)) === 'Accepted');
    const questions = pair.roads.mobilityyou.count({ ...place, path: new RegExp(`/tokens/${trusted.uid}/authorize`) });
    expect(questions).toBe(0);
  });

  it('starts a session by a command, once, and tells what became of it', async () => {
    const told = accident('mobilityyou', { method: 'POST', path: /\/commands\/START_SESSION\// }, () => ordered);
    updating = accident('mobilityyou', { method: 'PUT', path: /\/sessions\// }, () => told);
    const ordered = order('start-session', { token: card, locationId: 'LOC-SFO', evseUid });
    const { commandId } = await ordered;
    await told;
    await done(commandId);
    sessionId = await eventually('the session at the eMSP', async () => (await command(commandId))?.sessionId);
    expect(commands).toEqual(['RemoteStartTransaction']);
    const { snapshot } = await net.consoles.chargem.get<SessionView>(`/sessions/${sessionId}`);
    expect(snapshot?.terms.payer).toMatchObject({ party: 'US-MOB', authMethod: 'COMMAND' });
  });

  it('lets the eMSP follow the session while it lasts', async () => {
    await updating;
    await within('the progress at the eMSP', async () => {
      const session = await atPartner<{ kwh: number; status: string }>(`sessions/US/CHG/${sessionId}`);
      return session?.status === 'ACTIVE' && session.kwh === CAR.energyWh / 1_000;
    });
  });

  it('stops it by a command, once', async () => {
    // The CPO dies with the command in its hands, or on the way to it; the eMSP between the answer and the result.
    const isCpo = killed === 'chargem';
    const hasArrived = !isCpo || LOST[steps % LOST.length] === 'answer';
    const stopped = isCpo
      ? accident('chargem', { method: 'POST', path: /\/commands\/STOP_SESSION$/ })
      : accident('mobilityyou', { method: 'POST', path: /\/commands\/STOP_SESSION\// }, () => ordered);
    billing = accident('mobilityyou', { method: 'POST', path: /\/cdrs$/ }, () => stopped);
    const ordered = order('stop-session', { sessionId });
    const first = await ordered;
    await stopped;
    expect(first.status).toBe(isCpo ? 'sent' : 'accepted');
    await done(hasArrived ? first.commandId : (await order('stop-session', { sessionId })).commandId);
    expect((await command(first.commandId))?.status).toBe(hasArrived ? 'done' : 'sent');
    expect(commands).toEqual(['RemoteStartTransaction', 'RemoteStopTransaction']);
  });

  it('bills it, and the eMSP has the CDR', async () => {
    await billing;
    const [cdr] = await eventually('the CDR at the eMSP', async () => {
      const cdrs = await received();
      return cdrs.length > 0 ? cdrs : undefined;
    });
    expect([cdr?.totalBeforeTaxes, cdr?.checkedBeforeTaxes, cdr?.energyWh].map(Number)).toEqual([Number(BILLED), Number(BILLED), 12_340]);
    await settled(net.consoles.chargem);
  });

  it('credits it when the charger tells late what changes the bill, and bills it anew', async () => {
    const credited = accident('mobilityyou', { method: 'POST', path: /\/cdrs$/ });
    const { snapshot } = await net.consoles.chargem.get<SessionView>(`/sessions/${sessionId}`);
    const timestamp = new Date(Date.parse(snapshot?.endedAt ?? '') - MINUTE_MS).toISOString();
    await station.call('StatusNotification', { connectorId: 1, status: 'SuspendedEV', errorCode: 'NoError', timestamp });
    await credited;
    await within('three CDRs at the eMSP', async () => (await received()).length === 3);
    const amounts = (cdrs: readonly CdrSummary[]) => cdrs.map((cdr) => Number(cdr.totalBeforeTaxes).toFixed(2)).sort();
    expect(amounts(await received())).toEqual([`-${BILLED}`, BILLED, CORRECTED]);
    expect(amounts(await net.consoles.chargem.cdrsOf(sessionId))).toEqual([`-${BILLED}`, BILLED, CORRECTED]);
  });

  it('has the eMSP bill its driver by its own tariff for each CDR, and take back what the CPO takes back', async () => {
    const { mobilityyou } = net.consoles;
    const bills = await eventually('three bills with their numbers', async () => {
      const cdrs = await received();
      const pages = cdrs.map(({ cdrId }) => mobilityyou.get<{ items: DriverBillSummary[] }>(`/driver-bills?cdrId=${cdrId}`));
      const found = (await Promise.all(pages)).flatMap(({ items }) => items);
      return found.length === 3 && found.every(({ number }) => number !== undefined) ? found : undefined;
    });
    const billed = bills.map(({ total }) => `${total.beforeTaxes} ${total.afterTaxes}`).sort();
    expect(billed).toEqual([RETAILED.replaceAll(/\d+\./g, '-$&'), RETAILED, RETAILED_ANEW].sort());
    const { items: unbilled } = await mobilityyou.get<{ items: unknown[] }>('/unbilled-purchases');
    expect(unbilled).toEqual([]);
    const { totals } = await mobilityyou.get<TrialBalance>('/trial-balance');
    expect(totals.map(({ balance }) => balance)).toEqual(['0.00']);
  });

  it('leaves both sides with the same, and nothing open', async () => {
    const { chargem, mobilityyou } = net.consoles;
    for (const console of [chargem, mobilityyou]) {
      await settled(console);
      expect((await console.partners())[0]).toMatchObject({ status: 'registered', version, deliveriesParked: 0 });
    }
    const issued = await chargem.cdrsOf(sessionId);
    const standing = issued.filter(({ cdrId, credit }) => !credit && !issued.some((other) => other.cdrId === `${cdrId}-CR`));
    expect(standing.map(({ totalBeforeTaxes }) => totalBeforeTaxes)).toEqual([CORRECTED]);
    const said = (cdrs: readonly CdrSummary[]) =>
      cdrs
        .map(({ cdrId, energyWh, totalBeforeTaxes, credit }) => `${cdrId} ${Number(energyWh)} ${Number(totalBeforeTaxes)} ${credit}`)
        .sort();
    expect(said(await received())).toEqual(said(issued));

    const since = new Date(Date.now() - 60 * MINUTE_MS).toISOString();
    const ours = async () => (await listed<{ id: string }>(`sessions?date_from=${since}`)).find(({ id }) => id === sessionId);
    // In OCPI 2.1.1 a session shows its location too, and the last state of the charger may still be on its way.
    await within('the same session on both sides', async () =>
      isDeepStrictEqual(await atPartner(`sessions/US/CHG/${sessionId}`), await ours()),
    );
    expect(await ours()).toMatchObject({ status: 'COMPLETED', kwh: CAR.energyWh / 1_000 });

    const month = new Date().toISOString().slice(0, 7);
    const statement = await eventually('a statement that agrees with what was delivered', async () => {
      const found = await chargem.get<SettlementStatement>(`/statements?partner=US-MOB&month=${month}&limit=1000`);
      return found.reconciliation?.agrees ? found : undefined;
    });
    const { items: held } = await mobilityyou.get<{ items: CdrSummary[] }>('/cdrs?limit=1000');
    expect(statement.items.map(({ cdrId }) => cdrId).sort()).toEqual(held.map(({ cdrId }) => cdrId).sort());
    const sum = held.reduce((cents, { totalBeforeTaxes }) => cents + Math.round(Number(totalBeforeTaxes) * 100), 0);
    expect(statement.totals.map(({ due, ties }) => ({ due, ties }))).toEqual([{ due: (sum / 100).toFixed(2), ties: true }]);
    expect(commands).toEqual(['RemoteStartTransaction', 'RemoteStopTransaction']);
    // A result whose answer was lost is told again, before they part.
    await within('every command told of', async () => {
      const rows = await net.network.postgres.dump(databaseOf('chargem', 'ocpi-bridge'));
      return !rows.some(({ table }) => table.endsWith('.partner_command'));
    });
    expect(net.log.filter((line) => line.includes('does not know what became of its command'))).toEqual([]);
  });
});
