import type { Request } from '@evenkeel/contracts';
import { type OcppVersion, requestSchema, stationActions } from '@evenkeel/ocpp';
import { brokenPayloads, eventually, validPayload } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ STRICT_INBOUND: 'true' });
  for (const [action, answer] of Object.entries(answers)) gateway.registry.answers.set(action, answer);
});
afterAll(() => gateway.stop());

/** What a registry may answer to the calls that are questions to it. */
const answers = {
  DataTransfer: { status: 'UnknownVendorId' },
  Get15118EVCertificate: { status: 'Failed', exiResponse: '' },
  GetCertificateChainStatus: {
    certificateStatus: [{ certificateHashData: hashData(), source: 'OCSP', status: 'Unknown', nextUpdate: '2026-03-01T10:00:00.000Z' }],
  },
  GetCertificateStatus: { status: 'Failed' },
  NotifyCustomerInformation: {},
  NotifyEVChargingNeeds: { status: 'Rejected' },
  NotifyEVChargingSchedule: { status: 'Accepted' },
  NotifySettlement: {},
  OpenPeriodicEventStream: { status: 'Accepted' },
  PullDynamicScheduleUpdate: { status: 'Rejected' },
  SignCertificate: { status: 'Accepted' },
  VatNumberValidation: { vatNumber: 'DE123', status: 'Rejected' },
};

function hashData() {
  return { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' };
}

/** A SEND, which nothing answers. */
const SENT = 'NotifyPeriodicEventStream';
/** Calls that leave no fact and ask no question, because nothing happened. */
const WITHOUT_TRACE: ReadonlySet<string> = new Set(['Heartbeat']);
const SPELLED: Readonly<Record<OcppVersion, (code: string) => string>> = {
  '1.6': (code) => code.replace('Occurrence', 'Occurence'),
  '2.0.1': (code) => code,
  '2.1': (code) => code,
};

const cases = (['1.6', '2.0.1', '2.1'] as const).flatMap((version) =>
  stationActions(version)
    .filter((action: string) => action !== SENT)
    .map((action) => [version, action] as const),
);

async function station(version: OcppVersion, action: string): Promise<RawStation & { identity: string }> {
  const identity = `${version}-${action}`;
  gateway.registry.register(identity, { versions: [version] });
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [`ocpp${version}`] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return Object.assign(raw, { identity });
}

it.each(cases)('%s %s: a valid payload is answered, in the words of the version, and what it says is kept', async (version, action) => {
  const raw = await station(version, action);
  for (const fullness of [0, 1]) {
    // The raw station holds each answer against its schema.
    const [type] = await raw.call(`v${fullness}`, action, validPayload(version, action, 'request', { fullness }));
    expect(type).toBe(3);
  }
  if (WITHOUT_TRACE.has(action)) return;
  const asked = () => gateway.registry.asked.some(({ request }) => JSON.stringify(request).includes(raw.identity));
  const said = () => gateway.facts.some(({ stationId, kind }) => stationId === raw.identity && kind !== 'station-connection-changed');
  await eventually(() => asked() || said());
  raw.close();
});

it.each(cases)('%s %s: an invalid payload is refused in the words of the version, and the connection stays', async (version, action) => {
  const raw = await station(version, action);
  const broken = brokenPayloads(version, action);
  // A Heartbeat has no fields: only a field that it does not have can be wrong with it.
  if (broken.length === 0)
    expect((await raw.call('b', action, { extra: 1 }))[2]).toBe(version === '1.6' ? 'FormationViolation' : 'FormatViolation');
  for (const [index, { payload, code }] of broken.entries()) {
    const [type, , said] = await raw.call(`b${index}`, action, payload);
    expect([type, said]).toEqual([4, SPELLED[version](code)]);
  }
  expect((await raw.call('h', 'Heartbeat'))[0]).toBe(3);
  raw.close();
});

it('a question to the registry is asked in the words of OCPP 2.1', async () => {
  for (const { name, request } of gateway.registry.asked) {
    if (name !== 'answerStation') continue;
    const { action, payload } = request as Request<'answerStation'>;
    expect([action, requestSchema('2.1', action)?.explain(payload)]).toEqual([action, undefined]);
  }
});

it('a notice is said in the words of OCPP 2.1', () => {
  const notices = gateway.facts.flatMap((fact) => (fact.kind === 'station-notice-reported' ? [fact] : []));
  expect(notices.length).toBeGreaterThan(30);
  for (const { action, payload, ocppVersion } of notices) {
    // OCPP 2.1 made it mandatory to say what kind of monitor it is, which a station of 2.0.1 cannot say.
    const newer = action === 'NotifyMonitoringReport' && ocppVersion === '2.0.1' ? /^$|eventNotificationType/ : /^$/;
    expect([action, requestSchema('2.1', action)?.explain(payload)?.description ?? '']).toEqual([action, expect.stringMatching(newer)]);
  }
});
