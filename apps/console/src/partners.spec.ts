// Roaming partners over REST, with a stand-in for the OCPI bridge.
import { type PartnerDelivery, type PartnerDetails, type PartnerMessage, Problem } from '@evenkeel/contracts';
import * as examples from './api/examples';
import { authenticate, ConsoleUnderTest } from './console-under-test';

const at = '2026-03-01T10:00:00.000Z';
const details: PartnerDetails = {
  ...{ partnerId: 'p/1', name: 'MobilityYou', status: 'registered', version: '2.2.1', registeredAt: at, deliveriesPending: 1 },
  roles: [{ role: 'EMSP', party: 'US-MOB', name: 'MobilityYou' }],
  ...{ deliveriesParked: 2, lastDeliveryError: 'HTTP 500', pushLagSeconds: 90, lastSuccessAt: at, lastError: { at, reason: 'HTTP 500' } },
  endpoints: [{ module: 'cdrs', side: 'RECEIVER' }, { module: 'credentials' }],
  tokens: [{ token: 'ours', since: at, ageSeconds: 86_400 }],
  allowedAddresses: ['192.0.2.0/24'],
  circuit: { state: 'paused', until: at },
  lastHour: { acknowledged: 10, refused: 1, unauthorized: 0, transient: 2, unreachable: 3 },
};
const delivery: PartnerDelivery = {
  ...{ deliveryId: 'd1', module: 'cdrs', objectId: 'CDR-1', recipient: 'US-MOB', status: 'parked', revision: 0, attempts: 3 },
  ...{ dueAt: at, firstDueAt: at, reason: 'refused with 2001' },
};
const message: PartnerMessage = {
  ...{ at, direction: 'in', method: 'PUT', path: '/ocpi/cpo/2.2.1/tokens/US/MOB/[token]', httpStatus: 200, ocpiStatus: 1000 },
  ...{ durationMs: 12, requestId: 'q1' },
};

let rest: ConsoleUnderTest;
let viewer: Record<string, string>;
let operator: Record<string, string>;
let admin: Record<string, string>;

beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', { authenticateOperator: authenticate });
  const known = ({ partnerId }: { partnerId: string }) => {
    if (partnerId !== details.partnerId) throw new Problem('not-found', 'there is no such partner');
    return details;
  };
  await rest.standIn('ocpi-bridge', {
    introducePartner: () => ({ ...details, tokenA: 'token-a-of-the-invitation' }),
    getPartner: known,
    changePartner: known,
    rotatePartner: known,
    unregisterPartner: ({ force }) => {
      if (!force) throw new Problem('unavailable', 'the partner has not unregistered us: HTTP 500');
      return { ...details, status: 'unregistered' };
    },
    listDeliveries: () => ({ items: [delivery], next: '2026 d1' }),
    retryDelivery: ({ deliveryId }) => {
      if (deliveryId !== 'd1') throw new Problem('conflict', 'the partner has acknowledged it: nothing is left to try');
      return { ...delivery, status: 'due', retryAt: at };
    },
    redeliver: ({ requestId = 'a-new-request' }) => ({ requestId, requested: 1_000, left: 17 }),
    findPartnerPlaces: () => ({ items: [], tariffs: [] }),
    listPartnerMessages: () => ({ items: [message], next: '41' }),
  });
  viewer = await rest.login('viewer', 'viewer-password');
  operator = await rest.login('operator', 'operator-password');
  admin = await rest.login('admin', 'admin-password');
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator');
const partner = '/api/partners/p%2F1';

it('tells how a partner fares, and of nobody who is none', async () => {
  const { status, body } = await rest.call('GET', partner, { headers: viewer });
  expect([status, body]).toEqual([200, details]);
  const absent = await rest.call('GET', '/api/partners/nobody', { headers: viewer });
  expect([absent.status, absent.body.code]).toEqual([404, 'not-found']);
});

it('says where a partner that was just introduced is found', async () => {
  const { status, headers } = await rest.call('POST', '/api/partners', { headers: admin, body: { name: 'MobilityYou' } });
  expect([status, headers.get('location')]).toEqual([201, partner]);
});

it('lists deliveries by status and module, in pages', async () => {
  const { status, body, headers } = await rest.call('GET', `${partner}/deliveries?status=parked&module=cdrs&limit=1`, { headers: viewer });
  expect([status, body.items]).toEqual([200, [delivery]]);
  expect(headers.get('link')).toBe(`<${partner}/deliveries?status=parked&module=cdrs&limit=1&after=2026+d1>; rel="next"`);
  expect(asked()).toEqual([{ name: 'listDeliveries', request: { partnerId: 'p/1', status: 'parked', module: 'cdrs', limit: 1 } }]);
  expect((await rest.call('GET', `${partner}/deliveries?status=lost`, { headers: viewer })).status).toBe(400);
});

it('has one delivery tried again, and everything of a module sent again', async () => {
  const retried = await rest.call('POST', `${partner}/deliveries/d1/retry`, { headers: operator });
  expect([retried.status, retried.body.status]).toEqual([200, 'due']);
  const delivered = await rest.call('POST', `${partner}/deliveries/d2/retry`, { headers: operator });
  expect([delivered.status, delivered.body.code]).toEqual([409, 'conflict']);
  const body = { ...examples.redelivery, requestId: 'the-same-request' };
  expect((await rest.call('POST', `${partner}/redeliver`, { headers: operator, body })).body).toEqual({
    ...{ requestId: 'the-same-request', requested: 1_000, left: 17 },
  });
  const actor = { operator: 'operator' };
  expect(asked().at(-1)).toEqual({ name: 'redeliver', request: { actor, partnerId: 'p/1', ...body } });
  for (const wrong of [{ module: 'cdrs' }, { module: 'hubs', from: at }, { module: 'cdrs', from: 'yesterday' }]) {
    expect((await rest.call('POST', `${partner}/redeliver`, { headers: operator, body: wrong })).status).toBe(400);
  }
});

it('shows what was said, the newest first', async () => {
  const { status, body, headers } = await rest.call('GET', `${partner}/messages`, { headers: operator });
  expect([status, body.items]).toEqual([200, [message]]);
  expect(headers.get('link')).toContain('after=41');
  expect(asked()).toEqual([{ name: 'listPartnerMessages', request: { partnerId: 'p/1', limit: 100 } }]);
});

it('changes where a partner may call from', async () => {
  const changed = await rest.call('PATCH', partner, { headers: admin, body: examples.partnerChange });
  expect(changed.status).toBe(200);
  const actor = { operator: 'admin' };
  expect(asked()).toEqual([{ name: 'changePartner', request: { actor, partnerId: 'p/1', change: examples.partnerChange } }]);
  for (const body of [{}, { allowedAddresses: ['somewhere'] }, { allowedAddresses: [], name: 'x' }]) {
    expect((await rest.call('PATCH', partner, { headers: admin, body })).status).toBe(400);
  }
});

it('rotates the credentials and unregisters, whatever the partner says where that is wanted', async () => {
  expect((await rest.call('POST', `${partner}/rotate`, { headers: admin })).status).toBe(200);
  const refused = await rest.call('DELETE', partner, { headers: admin });
  expect([refused.status, refused.body.detail]).toEqual([503, 'the partner has not unregistered us: HTTP 500']);
  const forced = await rest.call('DELETE', `${partner}?force=true`, { headers: admin });
  expect([forced.status, forced.body.status]).toEqual([200, 'unregistered']);
  expect(asked().map(({ request }) => (request as { force?: boolean }).force)).toEqual([undefined, false, true]);
});

it.each([
  ['PATCH', '', 'operator'],
  ['DELETE', '', 'operator'],
  ['POST', '/rotate', 'operator'],
  ['POST', '/redeliver', 'viewer'],
  ['POST', '/deliveries/d1/retry', 'viewer'],
  ['GET', '/messages', 'viewer'],
])('does not let everybody %s %s', async (method, path, role) => {
  const headers = role === 'viewer' ? viewer : operator;
  const body = method === 'PATCH' ? examples.partnerChange : path === '/redeliver' ? examples.redelivery : undefined;
  expect((await rest.call(method, partner + path, { headers, body })).status).toBe(403);
  expect(asked()).toEqual([]);
});

it('finds places of partners by what a map shows', async () => {
  const { status, body } = await rest.call('GET', '/api/partner-places?west=-123&south=37.5&east=-122&north=38&available=true', {
    headers: viewer,
  });
  expect([status, body]).toEqual([200, { items: [], tariffs: [] }]);
  expect(asked()).toEqual([
    { name: 'findPartnerPlaces', request: { west: -123, south: 37.5, east: -122, north: 38, available: true, limit: 100 } },
  ]);
  expect((await rest.call('GET', '/api/partner-places?west=far', { headers: viewer })).status).toBe(400);
});
