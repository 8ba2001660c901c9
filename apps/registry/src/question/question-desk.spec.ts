import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemoryEventStore } from '@evenkeel/event-store';
import { responseSchema } from '@evenkeel/ocpp';
import { MirrorDesk } from '../mirror/mirror-desk';
import { RemoteContractCertificates, type ServiceAddress } from './contract-certificates';
import { QuestionDesk } from './question-desk';
import { canBeVatNumber } from './vat-numbers';

const AT = '2026-03-01T10:00:00.000Z';
const failures: string[] = [];
const kept: unknown[] = [];
let service: Server | undefined;
afterEach(() => service?.close());

function desk(contracts?: ServiceAddress): QuestionDesk {
  const unasked = () => Promise.reject(new Error('nobody asks'));
  const needs = { answerNeeds: unasked, answerSchedule: unasked };
  const certificates = { signCertificate: unasked };
  const statuses = { certificateStatus: unasked, certificateChainStatus: unasked };
  const customers = {
    keep: async (...told: unknown[]) => {
      kept.push(told);
    },
  };
  const remote = new RemoteContractCertificates(contracts, (reason) => failures.push(reason));
  return new QuestionDesk(new MirrorDesk(new InMemoryEventStore()), needs, certificates, statuses, customers, remote);
}

async function ask(it: QuestionDesk, action: string, payload: Record<string, unknown>) {
  const question = { party: 'US-CHG', stationId: 'CP1', ocppVersion: '2.1', messageId: 'm', receivedAt: AT, action, payload };
  const answer = (await it.answer(question)).payload;
  expect([action, responseSchema('2.1', action)?.explain(answer)]).toEqual([action, undefined]);
  return answer;
}

/** A service that answers with that status and body, and tells what it was asked. */
async function serve(
  status: number,
  body: unknown,
): Promise<{ address: ServiceAddress; asked: { authorization?: string; text: string }[] }> {
  const asked: { authorization?: string; text: string }[] = [];
  service = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { authorization } = request.headers;
    asked.push({ text, ...(authorization === undefined ? {} : { authorization }) });
    response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  return { address: { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/contracts`, token: 't' }, asked };
}

const exi = { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'ZXhp' };

it('Get15118EVCertificate: the request is passed on as it is, and the answer back', async () => {
  const { address, asked } = await serve(200, { exiResponse: 'YW5zd2Vy', remainingContracts: 1 });
  expect(await ask(desk(address), 'Get15118EVCertificate', exi)).toEqual({
    status: 'Accepted',
    exiResponse: 'YW5zd2Vy',
    remainingContracts: 1,
  });
  expect(asked).toEqual([{ authorization: 'Bearer t', text: JSON.stringify(exi) }]);
});

it.each([
  ['an error', 500, {}],
  ['something else', 200, { hello: 1 }],
  ['a redirect', 302, {}],
])('Get15118EVCertificate: a service that answers with %s is a failure, and no error', async (_, status, body) => {
  const { address } = await serve(status, body);
  const before = failures.length;
  expect(await ask(desk(address), 'Get15118EVCertificate', exi)).toEqual({ status: 'Failed', exiResponse: '' });
  expect(failures).toHaveLength(before + 1);
});

it('Get15118EVCertificate: without a service it fails', async () => {
  expect(await ask(desk(), 'Get15118EVCertificate', exi)).toEqual({ status: 'Failed', exiResponse: '' });
});

it('V21-09, VatNumberValidation: a number of a known form is accepted, another rejected, and what was asked is told again', async () => {
  expect(await ask(desk(), 'VatNumberValidation', { vatNumber: 'DE 123456789', evseId: 1 })).toEqual({
    vatNumber: 'DE 123456789',
    status: 'Accepted',
    evseId: 1,
  });
  expect(await ask(desk(), 'VatNumberValidation', { vatNumber: 'DE12' })).toEqual({ vatNumber: 'DE12', status: 'Rejected' });
  for (const good of ['ATU12345678', 'NL123456789B01', 'ESX1234567X', 'fr-ab-123456789'])
    expect([good, canBeVatNumber(good)]).toEqual([good, true]);
  for (const bad of ['', 'XX123', 'constructor', '123456789']) expect([bad, canBeVatNumber(bad)]).toEqual([bad, false]);
});

it('NotifyCustomerInformation: a part is kept by whom it may concern only, and answered', async () => {
  const part = { data: 'Ada', seqNo: 0, generatedAt: AT, requestId: 4 };
  expect(await ask(desk(), 'NotifyCustomerInformation', part)).toEqual({});
  expect(kept).toEqual([['CP1', part, AT]]);
});

it('T6-13, DataTransfer: we have no agreement with the vendor', async () => {
  expect(await ask(desk(), 'DataTransfer', { vendorId: 'com.unknown' })).toEqual({ status: 'UnknownVendorId' });
});

it('an action that is no question is refused', async () => {
  await expect(ask(desk(), 'Heartbeat', {})).rejects.toMatchObject({ code: 'not-supported' });
});
