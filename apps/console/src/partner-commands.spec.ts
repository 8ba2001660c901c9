// Commands at partners' chargers over REST, with a stand-in for the bridge.
import type { PartnerCommand, PartnerProfile } from '@evenkeel/contracts';
import { Problem } from '@evenkeel/contracts';
import { partnerCommandPaths } from './api/partner-command-paths';
import { authenticate, ConsoleUnderTest } from './console-under-test';

const command: PartnerCommand = {
  ...{ commandId: 'c-1', partner: 'US-CHG', command: 'START_SESSION', status: 'accepted', result: 'ACCEPTED' },
  ...{ sentAt: '2026-03-01T10:00:00.000Z', awaitedUntil: '2026-03-01T10:01:00.000Z' },
};

const profile: PartnerProfile = {
  ...{ partner: 'US-CHG', sessionId: 'S-1', toldAt: '2026-03-01T10:00:00.000Z' },
  active: { startAt: '2026-03-01T10:00:00.000Z', unit: 'A', periods: [{ startSeconds: 0, limit: 10 }] },
};

let rest: ConsoleUnderTest;
beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', { authenticateOperator: authenticate });
  await rest.standIn('ocpi-bridge', {
    sendPartnerCommand: ({ order }) => {
      if (order.command === 'CANCEL_RESERVATION') throw new Problem('not-supported', 'OCPI 2.1.1 has no CANCEL_RESERVATION');
      return command;
    },
    getPartnerCommand: () => command,
    getPartnerProfile: () => profile,
  });
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator').map(({ request }) => request);

describe("commands at a partner's charger", () => {
  it.each([
    ['start-session', 'START_SESSION', partnerCommandPaths.startPartnerSession.example],
    ['stop-session', 'STOP_SESSION', partnerCommandPaths.stopPartnerSession.example],
    ['reserve-now', 'RESERVE_NOW', partnerCommandPaths.reserveAtPartner.example],
    ['unlock-connector', 'UNLOCK_CONNECTOR', partnerCommandPaths.unlockPartnerConnector.example],
  ])('%s is handed on, and says where its outcome is found', async (path, name, body) => {
    const headers = await rest.login('operator', 'operator-password');
    const answer = await rest.call('POST', `/api/partners/US-CHG/${path}`, { headers, body });
    expect(answer).toMatchObject({ status: 201, body: command });
    expect(answer.headers.get('location')).toBe('/api/partner-commands/c-1');
    expect(asked()).toEqual([{ actor: { operator: 'operator' }, partner: 'US-CHG', order: { command: name, ...body } }]);
  });

  it('are asked for under an id of the asker, where it may have to ask again', async () => {
    const headers = await rest.login('operator', 'operator-password');
    const commandId = '0b0ecf2b-33b5-4a58-b0a5-7dc1e4b0a2c6';
    const { example: body } = partnerCommandPaths.stopPartnerSession;
    const post = (id: string) => rest.call('POST', `/api/partners/US-CHG/stop-session?commandId=${id}`, { headers, body });
    expect((await post(commandId)).status).toBe(201);
    expect(asked()).toEqual([
      { actor: { operator: 'operator' }, partner: 'US-CHG', order: { command: 'STOP_SESSION', ...body }, commandId },
    ]);
    expect((await post('1')).status).toBe(400);
  });

  it.each([
    ['PUT', 'profile', partnerCommandPaths.setPartnerProfile.example, (limits: object) => ({ command: 'SET_PROFILE', limits })],
    ['DELETE', 'profile', undefined, () => ({ command: 'CLEAR_PROFILE' })],
    ['POST', 'read-profile', partnerCommandPaths.readPartnerProfile.example, (asked: object) => ({ command: 'READ_PROFILE', ...asked })],
    [
      'PUT',
      'preferences',
      partnerCommandPaths.setPartnerPreferences.example,
      (preferences: object) => ({ command: 'SET_PREFERENCES', preferences }),
    ],
  ] as const)('%s %s of a session is handed on', async (method, path, body, orderOf) => {
    const headers = await rest.login('operator', 'operator-password');
    const answer = await rest.call(method, `/api/partners/US-CHG/sessions/S-1/${path}`, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer).toMatchObject({ status: 201, body: command });
    expect(asked()).toEqual([{ actor: { operator: 'operator' }, partner: 'US-CHG', order: { ...orderOf(body ?? {}), sessionId: 'S-1' } }]);
  });

  it('and what holds for a session is seen by a viewer, who changes none of it', async () => {
    const headers = await rest.login('viewer', 'viewer-password');
    const path = '/api/partners/US-CHG/sessions/S-1/profile';
    expect((await rest.call('GET', path, { headers })).body).toEqual(profile);
    expect((await rest.call('DELETE', path, { headers })).status).toBe(403);
    expect(asked()).toEqual([{ partner: 'US-CHG', sessionId: 'S-1' }]);
  });

  it("are an operator's; a viewer sees what became of them", async () => {
    const headers = await rest.login('viewer', 'viewer-password');
    const { example: body } = partnerCommandPaths.startPartnerSession;
    expect((await rest.call('POST', '/api/partners/US-CHG/start-session', { headers, body })).status).toBe(403);
    expect((await rest.call('GET', '/api/partner-commands/c-1', { headers })).body).toEqual(command);
    expect(asked()).toEqual([{ commandId: 'c-1' }]);
  });

  it('are refused where they are not whole, or the partner cannot be asked', async () => {
    const headers = await rest.login('operator', 'operator-password');
    const post = (path: string, body: object) => rest.call('POST', `/api/partners/${path}`, { headers, body });
    expect((await post('US-CHG/start-session', { locationId: 'L' })).status).toBe(400);
    expect((await post('nobody/stop-session', { sessionId: 'S' })).status).toBe(400);
    expect(asked()).toEqual([]);
    expect((await post('US-CHG/cancel-reservation', { reservationId: '7' })).status).toBe(422);
  });
});
