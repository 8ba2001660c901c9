// Payment terminals of a provider (PTP) at a CPO of ours, over HTTP: terminals pushed and pulled, financial advice confirmations as facts, and what
// operators have the provider told. The provider is scripted, and so is an eMSP that has no business there.
import { eventually, type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { PlatformUnderTest, passwordOf } from './testing/platform-under-test';
import { financialAdvice, locationOf, terminal } from './testing/roaming';
import { ScriptedPartner } from './testing/scripted-partner';

const actor = { operator: 'spec' };
const PROVIDER = 'US-PTP';
jest.setTimeout(60_000);

const provider = new ScriptedPartner('PTP', 'PTP', 'token-b-of-the-provider');
const oldProvider = new ScriptedPartner('PTP', 'OLD', 'token-b-of-a-provider-of-2.2.1');
const emsp = new ScriptedPartner('EMSP', 'RAW', 'token-b-of-the-scripted-emsp');
let nats: RunningNats;
let postgres: RunningPostgres;
let chargem: PlatformUnderTest;

beforeAll(async () => {
  nats = await startNats({ platforms: [{ name: 'CHARGEM', passwordOf }] });
  postgres = await startPostgres();
  chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
  chargem.locations.push(locationOf(7));
  for (const partner of [provider, oldProvider, emsp]) {
    partner.versions = [partner === oldProvider ? '2.2.1' : '2.3.0'];
    await partner.start();
    const { tokenA = '' } = await chargem.console.ask('introducePartner', { actor, partner: { name: partner.partyId } });
    const { body } = await partner.register(`${chargem.url}/cpo/${partner.versions[0]}`, tokenA);
    expect(body.status_code).toBe(1000);
  }
});
afterAll(async () => {
  await Promise.all([provider, oldProvider, emsp].map((partner) => partner.stop()));
  await chargem?.stop();
  await postgres?.stop();
  await nats?.stop();
});

const TERMINALS = 'payments/terminals';
const ADVICE = 'payments/financial-advice-confirmations';
const at = (partner: ScriptedPartner, method: string, path: string, body?: unknown) =>
  partner.call(method, `${chargem.url}/cpo/${partner.versions[0]}/${path}`, body === undefined ? {} : { body });
const terminalsShown = async () => (await chargem.console.ask('listPaymentTerminals', { partner: PROVIDER })).items;
const adviceShown = async (authorizationReference?: string) =>
  (await chargem.console.ask('listFinancialAdvice', { partner: PROVIDER, ...(authorizationReference ? { authorizationReference } : {}) }))
    .items;
const refused = (ask: Promise<unknown>) =>
  ask.then(
    () => 'granted',
    ({ code }: { code: string }) => code,
  );

describe('a payment terminal provider', () => {
  it('PAY-1: is registered by its role, and finds the module in 2.3.0 only', async () => {
    const { items } = await chargem.console.ask('listPartners', {});
    expect(items.find(({ name }) => name === 'PTP')).toMatchObject({ roles: [{ role: 'PTP', party: PROVIDER }], version: '2.3.0' });
    for (const [partner, role] of [
      [provider, ['RECEIVER']],
      [oldProvider, []],
    ] as const) {
      const { data } = (await partner.call('GET', `${chargem.url}/${partner.versions[0]}`)).body;
      const { endpoints } = data as { endpoints: { identifier: string; role: string }[] };
      expect(endpoints.length).toBeGreaterThan(3);
      expect(endpoints.flatMap((each) => (each.identifier === 'payments' ? each.role : []))).toEqual(role);
    }
  });

  it('PAY-1: creates a terminal by its id, tells more of it later, and reads it again', async () => {
    expect(await at(provider, 'GET', `${TERMINALS}/TERMINAL-1`)).toMatchObject({ status: 404, body: { status_code: 2003 } });
    expect(await at(provider, 'POST', TERMINALS, { terminal_id: 'TERMINAL-1' })).toMatchObject({
      status: 201,
      body: { status_code: 1000 },
    });
    const { data } = (await at(provider, 'GET', `${TERMINALS}/TERMINAL-1`)).body;
    expect(data).toEqual({ terminal_id: 'TERMINAL-1', last_updated: expect.stringMatching(/^\d{4}-.*Z$/) });
    const told = { ...terminal, firmware: '7.1' };
    expect(await at(provider, 'POST', TERMINALS, told)).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect((await at(provider, 'GET', `${TERMINALS}/terminal-1`)).body.data).toEqual(told);
    // Overtaken, and undated: no news.
    const older = { ...terminal, city: 'Elsewhere', last_updated: '2026-03-31T00:00:00Z' };
    for (const late of [older, { terminal_id: 'TERMINAL-1' }]) {
      expect(await at(provider, 'POST', TERMINALS, late)).toMatchObject({ status: 200, body: { status_code: 1000 } });
    }
    expect((await at(provider, 'GET', `${TERMINALS}/TERMINAL-1`)).body.data).toEqual(told);
    expect(await terminalsShown()).toEqual([
      {
        ...{ partner: PROVIDER, terminalId: 'TERMINAL-1', place: '7 Main Street, Oakland, USA', reference: 'SN-40017' },
        ...{ invoiceCreator: 'CPO', locationIds: [], evseUids: [], lastUpdated: '2026-04-01T00:00:00.000Z' },
      },
    ]);
  });

  it('PAY-1, STA-4: is told what is wrong with a terminal, and which methods there are', async () => {
    for (const wrong of [{}, { ...terminal, terminal_id: 7 }, { ...terminal, last_updated: '2026-13-01T00:00:00Z' }, []]) {
      expect(await at(provider, 'POST', TERMINALS, wrong)).toMatchObject({ status: 200, body: { status_code: 2001 } });
    }
    expect((await at(provider, 'PUT', `${TERMINALS}/TERMINAL-1`, terminal)).status).toBe(405);
    expect((await at(provider, 'DELETE', `${ADVICE}/ADVICE-1`)).status).toBe(405);
  });

  it('PAY-1: has its terminals pulled, too, where they are newer, and those that cannot be read cost none of the others', async () => {
    const unreadable = { ...terminal, terminal_id: 'x'.repeat(40) };
    const renewed = { ...terminal, city: 'Alameda', last_updated: '2026-04-02T00:00:00Z' };
    provider.lists.set('/payments/terminals', [unreadable, renewed, { ...terminal, terminal_id: 'TERMINAL-2' }]);
    await eventually(async () => (await terminalsShown()).length === 2);
    const shown = await terminalsShown();
    expect(shown.map(({ terminalId, place }) => `${terminalId} ${place}`)).toEqual([
      'TERMINAL-1 7 Main Street, Alameda, USA',
      'TERMINAL-2 7 Main Street, Oakland, USA',
    ]);
    expect(await chargem.console.ask('listPaymentTerminals', { partner: PROVIDER, limit: 1 })).toMatchObject({ next: 'terminal-1' });
    const after = await chargem.console.ask('listPaymentTerminals', { partner: PROVIDER, after: 'terminal-1' });
    expect(after).toMatchObject({ items: [{ terminalId: 'TERMINAL-2' }] });
    // The first crawl asks for everything.
    await eventually(() => provider.fetched.some((path) => path.startsWith('/payments/terminals?date_from=')));
  });

  it('PAY-2: confirms what it has captured once; the same again is welcome, another one under its id is not', async () => {
    expect(await at(provider, 'POST', ADVICE, financialAdvice)).toMatchObject({ status: 201, body: { status_code: 1000 } });
    const { last_updated, ...rest } = financialAdvice;
    expect(await at(provider, 'POST', ADVICE, { last_updated, ...rest })).toMatchObject({ status: 200, body: { status_code: 1000 } });
    const other = { ...financialAdvice, id: 'advice-1', capture_status_code: 'FAILED' };
    expect(await at(provider, 'POST', ADVICE, other)).toMatchObject({ status: 200, body: { status_code: 2001 } });
    expect((await at(provider, 'GET', `${ADVICE}/ADVICE-1`)).body.data).toEqual(financialAdvice);
    expect(await at(provider, 'GET', `${ADVICE}/ADVICE-7`)).toMatchObject({ status: 404, body: { status_code: 2003 } });
    expect(await adviceShown('TAP-0042')).toEqual([
      {
        ...{ partner: PROVIDER, confirmationId: 'ADVICE-1', authorizationReference: 'tap-0042', currency: 'EUR', captureStatus: 'SUCCESS' },
        totalCosts: { beforeTaxes: '12.5', afterTaxes: '15', taxes: [{ name: 'VAT', amount: '2.5' }] },
        ...{ eftData: financialAdvice.eft_data, captureMessage: 'captured from A. Lovelace', lastUpdated: '2026-04-01T09:00:00.000Z' },
      },
    ]);
    expect(await adviceShown('tap-0043')).toEqual([]);
  });

  it('PAY-2: has it stored durably, without anything that says who paid', async () => {
    const stored = await chargem.storedText();
    expect(stored).toContain('tap-0042');
    expect(stored).not.toMatch(/Lovelace|4711/);
    await chargem.killBridge();
    await chargem.startBridge();
    expect(await at(provider, 'POST', ADVICE, financialAdvice)).toMatchObject({ status: 200, body: { status_code: 1000 } });
    expect(await at(provider, 'POST', ADVICE, { ...financialAdvice, currency: 'USD' })).toMatchObject({ body: { status_code: 2001 } });
  });

  it('PAY-2: has its confirmations pulled; what differs from what is known changes nothing', async () => {
    const inOldWords = { ...financialAdvice, id: 'ADVICE-2', total_costs: { excl_vat: 4, incl_vat: 4.4 } };
    provider.lists.set('/payments/financial-advice-confirmations', [{ ...financialAdvice, currency: 'USD' }, inOldWords]);
    await eventually(async () => (await adviceShown()).length === 2);
    expect(
      (await adviceShown()).map(({ confirmationId, currency, totalCosts }) => [confirmationId, currency, totalCosts.afterTaxes]),
    ).toEqual([
      ['ADVICE-1', 'EUR', '15'],
      ['ADVICE-2', 'EUR', '4.4'],
    ]);
    expect(chargem.log.some((line) => line.includes('confirmation ADVICE-1 is here already and says something else'))).toBe(true);
  });

  it('PAY-1, PAY-2, SEC-3: is nobody else: what another role or version pushes is refused', async () => {
    for (const partner of [emsp, oldProvider]) {
      for (const [method, path, body] of [
        ['POST', TERMINALS, { ...terminal, terminal_id: 'TERMINAL-9' }],
        ['POST', ADVICE, { ...financialAdvice, id: 'ADVICE-9' }],
        ['GET', `${TERMINALS}/TERMINAL-1`, undefined],
        ['GET', `${ADVICE}/ADVICE-1`, undefined],
      ] as const) {
        expect(await at(partner, method, path, body)).toMatchObject({ status: 404, body: { status_code: 2001 } });
      }
    }
    expect((await terminalsShown()).map(({ terminalId }) => terminalId)).toEqual(['TERMINAL-1', 'TERMINAL-2']);
    expect(oldProvider.fetched.filter((path) => path.startsWith('/payments'))).toEqual([]);
  });
});

describe('a provider is told', () => {
  const heard = () => provider.received.at(-1);
  const onTerminal = { actor, partner: PROVIDER, terminalId: 'TERMINAL-1' };

  it('PAY-3: of a terminal that is built into a station', async () => {
    const activation = { terminalId: 'TERMINAL-3', reference: 'SN-40019', locationIds: ['LOC-7'] };
    const told = await chargem.console.ask('activatePaymentTerminal', { actor, partner: PROVIDER, activation });
    expect(told).toMatchObject({ partner: PROVIDER, terminalId: 'TERMINAL-3' });
    expect(heard()).toMatchObject({ method: 'POST', path: '/payments/terminals/activate' });
    expect(heard()?.headers).toMatchObject({ 'ocpi-to-party-id': 'PTP', 'ocpi-from-party-id': 'CHG' });
    expect(heard()?.body).toEqual({
      ...{ terminal_id: 'TERMINAL-3', reference: 'SN-40019', location_ids: ['LOC-7'] },
      last_updated: expect.stringMatching(/^.{23}Z$/),
    });
  });

  it('PAY-3: which locations and EVSEs a terminal stands for', async () => {
    const places = { locationIds: ['LOC-7'], evseUids: ['LOC-7-1'] };
    expect(await chargem.console.ask('placePaymentTerminal', { ...onTerminal, places })).toMatchObject({
      terminalId: 'TERMINAL-1',
      ...places,
    });
    expect(heard()).toMatchObject({ method: 'PATCH', path: '/payments/terminals/TERMINAL-1' });
    const last_updated = expect.stringMatching(/^.{23}Z$/);
    expect(heard()?.body).toEqual({ location_ids: ['LOC-7'], evse_uids: ['LOC-7-1'], last_updated });
    expect(await terminalsShown()).toMatchObject([places, { locationIds: [] }]);
  });

  it('PAY-3: who we are to it and where invoices are found, with everything else as it says it by then', async () => {
    const theirs = { ...terminal, city: 'Berkeley', firmware: '8.0', last_updated: '2026-04-03T00:00:00Z' };
    provider.lists.set('/payments/terminals/TERMINAL-1', theirs);
    const change = { customerReference: 'CHARGEM', invoiceBaseUrl: 'https://invoices.chargem.example/' };
    const changed = await chargem.console.ask('changePaymentTerminal', { ...onTerminal, change });
    expect(changed).toMatchObject({ ...change, place: '7 Main Street, Berkeley, USA' });
    expect(heard()).toMatchObject({ method: 'PUT', path: '/payments/terminals/TERMINAL-1' });
    const said = { customer_reference: 'CHARGEM', invoice_base_url: 'https://invoices.chargem.example/' };
    expect(heard()?.body).toEqual({ ...theirs, ...said, last_updated: expect.stringMatching(/^.{23}Z$/) });
    expect(await terminalsShown()).toMatchObject([change, { terminalId: 'TERMINAL-2' }]);
  });

  it('PAY-3: that a terminal is gone, and its refusal and its silence are heard', async () => {
    expect(await chargem.console.ask('deactivatePaymentTerminal', onTerminal)).toMatchObject({ terminalId: 'TERMINAL-1' });
    expect(heard()).toMatchObject({ method: 'POST', path: '/payments/terminals/TERMINAL-1/deactivate', body: undefined });
    provider.script.push({ http: 200, ocpi: 2001, message: 'it is gone already' }, { http: 404, ocpi: 2003 }, 'hang up');
    const codes = [];
    for (let asked = 0; asked < 3; asked++) codes.push(await refused(chargem.console.ask('deactivatePaymentTerminal', onTerminal)));
    expect(codes).toEqual(['conflict', 'not-found', 'unavailable']);
  });

  it('PAY-3: nothing that it could not find at us, and nobody else is told anything', async () => {
    const before = provider.received.length;
    const activation = { terminalId: 'TERMINAL-3', locationIds: ['LOC-8'] };
    const places = { locationIds: [], evseUids: [] };
    const { console } = chargem;
    const asked = [
      () => console.ask('activatePaymentTerminal', { actor, partner: PROVIDER, activation }),
      () => console.ask('placePaymentTerminal', { ...onTerminal, terminalId: 'TERMINAL-8', places }),
      () => console.ask('deactivatePaymentTerminal', { ...onTerminal, partner: 'US-RAW' }),
      () => console.ask('deactivatePaymentTerminal', { ...onTerminal, partner: 'US-OLD' }),
    ];
    const codes = [];
    for (const ask of asked) codes.push(await refused(ask()));
    expect(codes).toEqual(['not-found', 'not-found', 'not-found', 'not-supported']);
    expect(provider.received.length).toBe(before);
    expect([...emsp.received, ...oldProvider.received]).toEqual([]);
  });
});
