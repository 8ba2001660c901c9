// One function gives the price before the start, the running cost at the end, the receipt, the CDR, the partner's copy of it and the statement:
// for every kind of tariff they are equal to the cent, and equal to what a person works out on paper. Each case is charged twice as it was
// planned, by a driver of our own, who gets an invoice, and by a roaming one, whose provider gets a statement.
import type { CdrView, Quote, Rerating, SettlementStatement, Tariff } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { pdfText } from '@evenkeel/testkit';
import { START_MS } from './network-under-test';
import { net } from './one-network';
import { type Plan, plannedEvents, V2Transactions } from './planned-charging';

interface Case {
  name: string;
  elements: Tariff['elements'];
  more?: Partial<Pick<Tariff, 'currency' | 'minPrice' | 'taxIncluded'>>;
  plan: Plan;
  /** Worked out by hand. */
  due: string;
}

const energy = (price: string, vat?: string) => ({ type: 'ENERGY', price, stepSize: 1, ...(vat === undefined ? {} : { vat }) }) as const;
const [MINUTE, HOUR] = [60, 3_600];
/** A Wednesday, noon in Los Angeles. */
const NOON = '2026-10-14T19:00:00.000Z';

const cases: readonly Case[] = [
  {
    name: '20 kWh at 0.45',
    elements: [{ priceComponents: [energy('0.45')] }],
    plan: { startsAt: NOON, energyWh: 20_000, chargingSeconds: HOUR },
    due: '9.00',
  },
  {
    name: 'a fee of 1.00, and 12.5 kWh at 0.40',
    elements: [{ priceComponents: [{ type: 'FLAT', price: '1.00', stepSize: 1 }, energy('0.40')] }],
    plan: { startsAt: NOON, energyWh: 12_500, chargingSeconds: HOUR },
    due: '6.00',
  },
  {
    name: '40 minutes, billed as 45 because steps are of 15, at 6.00 an hour',
    elements: [{ priceComponents: [{ type: 'TIME', price: '6.00', stepSize: 900 }] }],
    plan: { startsAt: NOON, energyWh: 8_000, chargingSeconds: 40 * MINUTE },
    due: '4.50',
  },
  {
    name: '10 kWh at 0.50, and 10 min 30 s idle, billed as 11 minutes at 0.40',
    elements: [{ priceComponents: [energy('0.50'), { type: 'PARKING_TIME', price: '24.00', stepSize: 60 }] }],
    plan: { startsAt: NOON, energyWh: 10_000, chargingSeconds: 30 * MINUTE, parkingSeconds: 630 },
    due: '9.40',
  },
  {
    name: 'across midnight: 10 kWh at 0.60 before it, 10 kWh at 0.20 after it',
    elements: [
      { priceComponents: [energy('0.20')], restrictions: { startTime: '00:00', endTime: '06:00' } },
      { priceComponents: [energy('0.60')] },
    ],
    // 23:30 in Los Angeles.
    plan: { startsAt: '2026-10-15T06:30:00.000Z', energyWh: 20_000, chargingSeconds: HOUR },
    due: '8.00',
  },
  {
    name: 'the night on which the clock strikes one twice: 5 kWh at 0.50, 20 kWh at 0.10 in two hours that begin with 1, 15 kWh at 0.50',
    elements: [
      { priceComponents: [energy('0.10')], restrictions: { startTime: '01:00', endTime: '02:00' } },
      { priceComponents: [energy('0.50')] },
    ],
    // From 00:30 summer time to 03:30 winter time: four hours at 10 kW.
    plan: { startsAt: '2026-11-01T07:30:00.000Z', energyWh: 40_000, chargingSeconds: 4 * HOUR },
    due: '12.00',
  },
  {
    name: 'from Saturday into Sunday: 10 kWh at 0.30, 10 kWh at 0.60',
    elements: [{ priceComponents: [energy('0.30')], restrictions: { dayOfWeek: ['SATURDAY'] } }, { priceComponents: [energy('0.60')] }],
    plan: { startsAt: '2026-10-18T06:00:00.000Z', energyWh: 20_000, chargingSeconds: 2 * HOUR },
    due: '9.00',
  },
  {
    name: 'the first 10 kWh at 0.30, the other 15 at 0.50',
    elements: [{ priceComponents: [energy('0.30')], restrictions: { maxKwh: '10' } }, { priceComponents: [energy('0.50')] }],
    plan: { startsAt: NOON, energyWh: 25_000, chargingSeconds: HOUR },
    due: '10.50',
  },
  {
    name: '30 kWh at the price for 50 kW and more, 0.70',
    elements: [{ priceComponents: [energy('0.70')], restrictions: { minPowerKw: '50' } }, { priceComponents: [energy('0.40')] }],
    plan: { startsAt: NOON, energyWh: 30_000, chargingSeconds: 30 * MINUTE },
    due: '21.00',
  },
  {
    name: '2 kWh at 0.30, which is less than the minimum of 5.00',
    elements: [{ priceComponents: [energy('0.30')] }],
    more: { minPrice: { beforeTaxes: '5.00' } },
    plan: { startsAt: NOON, energyWh: 2_000, chargingSeconds: 20 * MINUTE },
    due: '5.00',
  },
  {
    name: '30 kWh at 0.49 euro and 19 % of 14.70',
    elements: [{ priceComponents: [energy('0.49', '19')] }],
    more: { currency: 'EUR', taxIncluded: 'NO' },
    plan: { startsAt: NOON, energyWh: 30_000, chargingSeconds: HOUR },
    due: '17.49',
  },
  {
    name: 'half an hour for nothing, an hour at 3.00 with the tax in it',
    elements: [
      { priceComponents: [{ type: 'TIME', price: '0', stepSize: 1, vat: '8.25' }], restrictions: { maxDurationSeconds: 1_800 } },
      { priceComponents: [{ type: 'TIME', price: '3.00', stepSize: 1, vat: '8.25' }] },
    ],
    more: { taxIncluded: 'YES' },
    plan: { startsAt: NOON, energyWh: 9_000, chargingSeconds: 90 * MINUTE },
    due: '3.00',
  },
];
/** Told late that the car idled: 10 kWh at 0.50, and then also half an hour at 12.00. */
const late: Case = {
  name: 'late',
  elements: [{ priceComponents: [energy('0.50'), { type: 'PARKING_TIME', price: '12.00', stepSize: 1 }] }],
  plan: { startsAt: NOON, energyWh: 10_000, chargingSeconds: 30 * MINUTE, parkingSeconds: 30 * MINUTE },
  due: '11.00',
};
const all = [...cases, late];
const tariffIdOf = (index: number) => `ONE-PRICE-${index + 1}`;

let own: V2Transactions;
let roaming: V2Transactions;

beforeAll(async () => {
  for (const [index, { elements, more }] of all.entries()) {
    await net.consoles.chargem.post('/tariffs', { id: tariffIdOf(index), currency: 'USD', taxIncluded: 'N/A', elements, ...more });
  }
  own = await stationWithAllTariffs('CHG-PRICE-OWN', net.tokens.own);
  roaming = await stationWithAllTariffs('CHG-PRICE-ROAM', net.tokens.roaming);
}, START_MS);
afterAll(async () => {
  await own?.close();
  await roaming?.close();
});

/** An EVSE for each tariff. */
async function stationWithAllTariffs(stationId: string, token: string): Promise<V2Transactions> {
  const connector = {
    connectorId: 1,
    standard: 'IEC_62196_T1_COMBO',
    format: 'CABLE',
    powerType: 'DC',
    maxVoltageV: 920,
    maxCurrentA: 350,
  };
  const evses = all.map((_, index) => ({
    evseId: index + 1,
    uid: `${stationId}-${index + 1}`,
    connectors: [{ ...connector, maxPowerW: 150_000, tariffId: tariffIdOf(index) }],
  }));
  const password = `password-of-${stationId}`;
  const { items } = await net.consoles.chargem.get<{ items: { locationId: string }[] }>('/locations');
  await net.consoles.chargem.post('/stations', { stationId, locationId: items[0]?.locationId, registration: 'accepted', password, evses });
  return V2Transactions.connect(net.network.ocppUrl, stationId, password, token);
}

function quoteOf(stationId: string, evseId: number, plan: Plan): Promise<Quote> {
  const query = new URLSearchParams(Object.entries({ evseId, ...plan }).map(([name, value]): [string, string] => [name, String(value)]));
  return net.consoles.chargem.get(`/stations/${stationId}/quote?${query}`);
}

async function standingCdr(stationId: string, transactionId: string, version = 1): Promise<CdrView> {
  const session = await eventually('the session', () => net.consoles.chargem.sessionOf(stationId, transactionId));
  return eventually(`CDR ${version} of ${transactionId}`, async () => {
    const issued = (await net.consoles.chargem.billsOf(session.sessionId)).filter(({ credit }) => !credit);
    const standing = issued[version - 1];
    return standing && net.consoles.chargem.cdr(standing.cdrId);
  });
}

/** Of a copy that came over OCPI, whose amounts are JSON numbers, with the cents that ours have. */
const copiedDue = (copy: CdrView) => Number(dueOf(copy)).toFixed(2);
const dueOf = ({ totalAfterTaxes, totalBeforeTaxes }: Pick<CdrView, 'totalAfterTaxes' | 'totalBeforeTaxes'>) =>
  totalAfterTaxes ?? totalBeforeTaxes;

/** The last amount on it. */
async function receiptTotal({ cdrId }: CdrView): Promise<string | undefined> {
  const pdf = await eventually('the invoice', () => net.consoles.chargem.bytes(`/cdrs/${cdrId}/invoice.pdf`).catch(() => undefined));
  return /^(-?[\d.]+) [A-Z]{3}$/m.exec(pdfText(pdf).split('\n').slice(-2).join('\n'))?.[1];
}

/** What MobilityYou was told of the CDR. */
async function partnersCopy(cdrId: string): Promise<CdrView> {
  return eventually(`CDR ${cdrId} at MobilityYou`, async () => {
    const { items } = await net.consoles.mobilityyou.get<{ items: CdrView[] }>('/cdrs?limit=1000');
    return items.find((each) => each.cdrId === cdrId);
  });
}

async function statementLine({ cdrId, issuedAt }: Pick<CdrView, 'cdrId' | 'issuedAt'>) {
  const { month, partner } = { month: issuedAt.slice(0, 7), partner: 'US-MOB' };
  return eventually(`CDR ${cdrId} on the statement`, async () => {
    const path = `/statements?${new URLSearchParams({ partner, month, limit: '1000' })}`;
    return (await net.consoles.chargem.get<SettlementStatement>(path)).items.find((line) => line.cdrId === cdrId);
  });
}

describe.each(cases.map((each, index) => [each.name, each, index + 1] as const))('%s', (_name, { plan, due }, evseId) => {
  it('is the price before the start, at the end, on the receipt and in the CDR', async () => {
    const quote = await quoteOf(own.stationId, evseId, plan);
    const told = await own.charge(`own-${evseId}`, evseId, plannedEvents(plan));
    const cdr = await standingCdr(own.stationId, `own-${evseId}`);
    const receipt = await receiptTotal(cdr);
    expect({ quote: quote.due, told, cdr: dueOf(cdr), receipt }).toEqual({ quote: due, told: Number(due), cdr: due, receipt: due });
    // Also on the other side of tax, and in the same words.
    expect([cdr.totalBeforeTaxes, cdr.totalAfterTaxes]).toEqual([quote.beforeTaxes, quote.afterTaxes]);
    expect((await net.consoles.chargem.explanation(cdr.cdrId)).text).toEqual(quote.text);
  });

  it("is the roaming driver's price too, in the partner's copy, by the partner's own reckoning and on the statement", async () => {
    const told = await roaming.charge(`roam-${evseId}`, evseId, plannedEvents(plan));
    const cdr = await standingCdr(roaming.stationId, `roam-${evseId}`);
    const [copy, line] = await Promise.all([partnersCopy(cdr.cdrId), statementLine(cdr)]);
    expect({ told, cdr: dueOf(cdr), copy: copiedDue(copy), statement: line.due }).toEqual({
      told: Number(due),
      cdr: due,
      copy: due,
      statement: due,
    });
    expect(copy.checkedBeforeTaxes).toBe(cdr.totalBeforeTaxes);
  });
});

describe('a session of which something is told late', () => {
  const evseId = all.length;

  it('is credited and billed anew, and the new bill is what the whole session would have been quoted', async () => {
    const [begin, full, end] = plannedEvents(late.plan);
    if (!begin || !full || !end) throw new Error('the plan has a start, an end of charging and an end');
    // Without the news the car charged for an hour: 10 kWh at 0.50.
    expect(await roaming.charge('late', evseId, [begin, end])).toBe(5);
    const first = await standingCdr(roaming.stationId, 'late');
    expect(dueOf(first)).toBe('5.00');
    await roaming.say('late', evseId, full);
    const second = await standingCdr(roaming.stationId, 'late', 2);
    const quote = await quoteOf(roaming.stationId, evseId, late.plan);
    expect({ quote: quote.due, cdr: dueOf(second), copy: copiedDue(await partnersCopy(second.cdrId)) }).toEqual({
      quote: late.due,
      cdr: late.due,
      copy: late.due,
    });
    const lines = await Promise.all([first.cdrId, `${first.cdrId}-CR`, second.cdrId].map((cdrId) => statementLine({ ...second, cdrId })));
    expect(lines.map((line) => line.due)).toEqual(['5.00', '-5.00', '11.00']);
  });

  it('is billed by another price, once, when the price was wrong', async () => {
    const { chargem } = net.consoles;
    const before = await standingCdr(roaming.stationId, 'late', 2);
    const tariffId = tariffIdOf(evseId - 1);
    // 10 kWh at 0.40 and half an hour at 12.00.
    const elements = [{ priceComponents: [energy('0.40'), { type: 'PARKING_TIME', price: '12.00', stepSize: 1 }] }];
    await chargem.post('/tariffs', { id: tariffId, currency: 'USD', taxIncluded: 'N/A', elements });
    const request = { tariffId, insteadOf: tariffId, from: NOON, to: '2026-10-15T00:00:00.000Z', reason: 'a typing mistake' };
    expect(await chargem.post<Rerating>('/tariffs/rerate', request)).toMatchObject({
      rerated: 1,
      before: '11.00',
      now: '10.00',
      notPriced: [],
    });
    const anew = await standingCdr(roaming.stationId, 'late', 3);
    const quote = await quoteOf(roaming.stationId, evseId, { ...late.plan, startsAt: new Date().toISOString() });
    expect([quote.due, dueOf(anew), copiedDue(await partnersCopy(anew.cdrId))]).toEqual(['10.00', '10.00', '10.00']);
    expect((await statementLine({ ...anew, cdrId: `${before.cdrId}-CR` })).due).toBe('-11.00');
    expect(await chargem.post<Rerating>('/tariffs/rerate', request)).toMatchObject({ rerated: 0, same: 1 });
  });
});

it('leaves books that tie: CDRs, statement and journal come to the same', async () => {
  const { findings, totals } = await net.consoles.chargem.get<{ findings: unknown[]; totals: { balance: string }[] }>('/trial-balance');
  expect(findings).toEqual([]);
  expect(totals.map(({ balance }) => Number(balance))).toEqual(totals.map(() => 0));
  const month = new Date().toISOString().slice(0, 7);
  const statement = await eventually('a statement that agrees with what was delivered', async () => {
    const found = await net.consoles.chargem.get<SettlementStatement>(`/statements?partner=US-MOB&month=${month}&limit=1000`);
    return found.reconciliation?.agrees ? found : undefined;
  });
  expect(statement.totals.map(({ ties }) => ties)).toEqual(statement.totals.map(() => true));
  expect(statement.reconciliation).toMatchObject({ delivered: statement.items.length, waiting: 0, parked: 0 });
  for (const { currency, due } of statement.totals) {
    const ofCurrency = statement.items.filter((line) => line.currency === currency);
    expect(ofCurrency.reduce((cents, line) => cents + Math.round(Number(line.due) * 100), 0)).toBe(Math.round(Number(due) * 100));
  }
});
