// What no station, partner or operator should send, and what each must be answered. The tables are the test; `bad-input.spec.ts` sends them.
import type { Knock } from './bare-station';

/** What a row does not say of a connection is right. `reason`: as the gateway counts it. */
type KnockRow = readonly [name: string, knock: Partial<Knock>, status: 400 | 401 | 404, reason: string];

const otherStation = 'CHG-SFO-DC-0002:0123456789abcdef';

export const badKnocks: readonly KnockRow[] = [
  ['an unknown station', { path: 'NOBODY' }, 404, 'unknown-station'],
  ['an unknown station that has a password', { path: 'NOBODY', credentials: 'NOBODY:0123456789abcdef' }, 404, 'unknown-station'],
  ['a path with too much in it', { path: 'deeper/CHG-SFO-DC-0001' }, 404, 'unknown-path'],
  ['an identity that cannot be decoded', { path: 'CHG%E0%A4%A' }, 400, 'unreadable-identity'],
  ['an identity with a zero byte', { path: 'CHG%00' }, 400, 'unreadable-identity'],
  ['a wrong password', { credentials: 'CHG-SFO-DC-0001:not-the-password-00' }, 401, 'wrong-credentials'],
  ['the name of another station', { credentials: otherStation }, 401, 'wrong-credentials'],
  ['no credentials', { credentials: undefined }, 401, 'wrong-credentials'],
  ['a version that nobody speaks', { protocols: ['ocpp0.1'] }, 400, 'no-common-subprotocol'],
  ['a version that is not built', { protocols: ['ocpp2.1'] }, 400, 'no-common-subprotocol'],
  ['no version', { protocols: [] }, 400, 'no-common-subprotocol'],
];

/**
 * `answer`: id and code of the CALLERROR, undefined where there must be none. `counted`: under its code if it was a call, else as a bad
 * frame of that reason.
 */
type FrameRow = readonly [
  name: string,
  text: string,
  answer: readonly [id: string, code: string] | undefined,
  counted: 'call' | 'malformed' | 'ignored' | 'answers-nothing',
];

/** Each version answers in its own spelling (OCPP-J 1.6 section 4.2.3, OCPP 2.0.1 Part 4 section 4.3). */
export const badFrames: Readonly<Record<'1.6' | '2.0.1', readonly FrameRow[]>> = {
  '1.6': [
    ['no JSON', 'hello', ['-1', 'FormationViolation'], 'malformed'],
    ['half a frame', '[2,"x","Heartbeat",{', ['-1', 'FormationViolation'], 'malformed'],
    ['no array', '{"a":1}', ['-1', 'FormationViolation'], 'malformed'],
    ['an empty array', '[]', ['-1', 'ProtocolError'], 'malformed'],
    ['an id that is no text', '[2,7,"Heartbeat",{}]', ['-1', 'ProtocolError'], 'malformed'],
    ['a call without a payload', '[2,"x1","Heartbeat"]', ['x1', 'ProtocolError'], 'malformed'],
    ['a payload that is no object', '[2,"x2","Heartbeat",null]', ['x2', 'FormationViolation'], 'malformed'],
    ['an unknown message type', '[9,"x3","Heartbeat",{}]', undefined, 'ignored'],
    ['an answer to nothing', '[3,"never",{}]', undefined, 'answers-nothing'],
    ['an error about nothing', '[4,"never","GenericError","",{}]', undefined, 'answers-nothing'],
    ['an unknown action', '[2,"x4","DoMagic",{}]', ['x4', 'NotImplemented'], 'call'],
    ['an action in the wrong case', '[2,"x5","heartbeat",{}]', ['x5', 'NotImplemented'], 'call'],
    ['an action of the back end', '[2,"x6","RemoteStartTransaction",{}]', ['x6', 'NotImplemented'], 'call'],
    ['an action of another version', '[2,"x7","TransactionEvent",{}]', ['x7', 'NotImplemented'], 'call'],
    ['a missing field', '[2,"x8","Authorize",{}]', ['x8', 'OccurenceConstraintViolation'], 'call'],
    ['a field of a wrong type', '[2,"x9","Authorize",{"idTag":{}}]', ['x9', 'TypeConstraintViolation'], 'call'],
    [
      'a value that is not allowed',
      '[2,"x10","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Dreaming"}]',
      ['x10', 'PropertyConstraintViolation'],
      'call',
    ],
  ],
  '2.0.1': [
    ['no JSON', 'hello', ['-1', 'RpcFrameworkError'], 'malformed'],
    ['half a frame', '[2,"x","Heartbeat",{', ['-1', 'RpcFrameworkError'], 'malformed'],
    ['no array', '{"a":1}', ['-1', 'RpcFrameworkError'], 'malformed'],
    ['an empty array', '[]', ['-1', 'RpcFrameworkError'], 'malformed'],
    ['an id that is no text', '[2,7,"Heartbeat",{}]', ['-1', 'RpcFrameworkError'], 'malformed'],
    ['a call without a payload', '[2,"x1","Heartbeat"]', ['x1', 'RpcFrameworkError'], 'malformed'],
    ['a payload that is no object', '[2,"x2","Heartbeat",null]', ['x2', 'FormatViolation'], 'malformed'],
    ['an unknown message type', '[9,"x3","Heartbeat",{}]', ['x3', 'MessageTypeNotSupported'], 'malformed'],
    ['an answer to nothing', '[3,"never",{}]', undefined, 'answers-nothing'],
    ['an error about nothing', '[4,"never","GenericError","",{}]', undefined, 'answers-nothing'],
    ['an unknown action', '[2,"x4","DoMagic",{}]', ['x4', 'NotImplemented'], 'call'],
    ['an action in the wrong case', '[2,"x5","heartbeat",{}]', ['x5', 'NotImplemented'], 'call'],
    ['an action of the back end', '[2,"x6","Reset",{"type":"OnIdle"}]', ['x6', 'NotImplemented'], 'call'],
    ['an action of another version', '[2,"x7","StartTransaction",{}]', ['x7', 'NotImplemented'], 'call'],
    ['a missing field', '[2,"x8","Authorize",{}]', ['x8', 'OccurrenceConstraintViolation'], 'call'],
    ['a field of a wrong type', '[2,"x9","Authorize",{"idToken":7}]', ['x9', 'TypeConstraintViolation'], 'call'],
    [
      'a value that is not allowed',
      '[2,"x10","Authorize",{"idToken":{"idToken":"A","type":"Tattoo"}}]',
      ['x10', 'PropertyConstraintViolation'],
      'call',
    ],
  ],
};

type OcpiRow = readonly [name: string, at: 'cpo' | 'emsp', request: string, http: number, ocpi: number, body?: string];

const aToken = {
  ...{ country_code: 'US', party_id: 'BAD', uid: 'T1', type: 'RFID', contract_id: 'C1', issuer: 'Bad' },
  ...{ valid: true, whitelist: 'ALLOWED', last_updated: '2026-04-01T00:00:00Z' },
};
const aChange = '{"last_updated":"2026-04-01T00:00:00Z"}';

/** Requests of a registered partner, and both statuses of their answers (OCPI 2.2.1 status_codes, transport_and_format). */
export const badOcpiRequests: readonly OcpiRow[] = [
  ['a body that is no JSON', 'cpo', 'PUT /tokens/US/BAD/T1', 400, 2000, '{"uid": '],
  ['a body without its fields', 'cpo', 'PUT /tokens/US/BAD/T1', 200, 2001, '{"uid": "T1"}'],
  ['a body about another token', 'cpo', 'PUT /tokens/US/BAD/T2', 200, 2001, JSON.stringify(aToken)],
  ['a token of another party', 'cpo', 'PUT /tokens/US/MOB/T1', 404, 2003, JSON.stringify(aToken)],
  ['an unknown token', 'cpo', 'GET /tokens/US/BAD/NOPE', 404, 2004],
  ['a change of an unknown token', 'cpo', 'PATCH /tokens/US/BAD/NOPE', 404, 2004, aChange],
  ['a change without a date', 'cpo', 'PATCH /tokens/US/BAD/NOPE', 200, 2001, '{"valid":false}'],
  ['sessions without date_from', 'cpo', 'GET /sessions', 200, 2001],
  ['a date_from that is no date', 'cpo', 'GET /sessions?date_from=yesterday', 200, 2001],
  ['a limit of nothing', 'cpo', 'GET /locations?limit=0', 200, 2001],
  ['a limit that is no number', 'cpo', 'GET /cdrs?limit=all', 200, 2001],
  ['a negative offset', 'cpo', 'GET /tariffs?offset=-1', 200, 2001],
  ['a method that a list does not have', 'cpo', 'DELETE /locations', 405, 2000],
  ['a second registration', 'cpo', 'POST /credentials', 405, 2000, '{}'],
  ['a path that does not exist', 'cpo', 'GET /horoscopes', 404, 2000],
  ['an unknown session', 'emsp', 'GET /sessions/US/BAD/NOPE', 404, 2003],
  ['a change of an unknown session', 'emsp', 'PATCH /sessions/US/BAD/NOPE', 404, 2003, aChange],
  ['an unknown CDR', 'emsp', 'GET /cdrs/US/BAD/NOPE', 404, 2003],
  ['a CDR without its fields', 'emsp', 'POST /cdrs', 200, 2001, '{"country_code":"US","party_id":"BAD"}'],
  ['a CDR that is no JSON', 'emsp', 'POST /cdrs', 400, 2000, 'CDR'],
  ['an authorization of an unknown token', 'emsp', 'POST /tokens/NOPE/authorize', 404, 2004],
  ['a method that CDRs do not have', 'emsp', 'PUT /cdrs', 405, 2000, '{}'],
];

export type RestCaller = 'admin' | 'viewer' | 'nobody' | 'an impostor';
type RestRow = readonly [name: string, as: RestCaller, request: string, status: number, code: string, body?: string, type?: string];

const form = 'application/x-www-form-urlencoded';
const noSession = '00000000-0000-5000-8000-000000000000';
const wrongPassword = '{"username":"admin","password":"wrong"}';

/** Requests to the console; each is answered with problem details (RFC 9457). */
export const badRestRequests: readonly RestRow[] = [
  ['no token', 'nobody', 'GET /stations', 401, 'unauthenticated'],
  ['a forged token', 'an impostor', 'GET /stations', 401, 'unauthenticated'],
  ['a wrong password', 'nobody', 'POST /login', 401, 'unauthenticated', wrongPassword],
  ['a viewer who sets a price', 'viewer', 'POST /tariffs', 403, 'forbidden', '{}'],
  ['a viewer who commands', 'viewer', 'POST /stations/CHG-SFO-DC-0001/start', 403, 'forbidden', '{}'],
  ['a body that is no JSON', 'admin', 'POST /tokens', 400, 'invalid', '{"uid": '],
  ['a body that is empty', 'admin', 'POST /tokens', 400, 'invalid', ''],
  ['a body without its fields', 'admin', 'POST /tokens', 400, 'invalid', '{}'],
  ['a body with a misspelt field', 'admin', 'POST /partners', 400, 'invalid', '{"name":"X","versionUrl":""}'],
  ['a form', 'admin', 'POST /tokens', 415, 'unsupported-media-type', 'uid=1', form],
  ['a body of half a megabyte', 'admin', 'POST /tokens', 413, 'too-large', JSON.stringify('x'.repeat(500_000))],
  ['an unknown station', 'viewer', 'GET /stations/NOBODY', 404, 'not-found'],
  ['an unknown session', 'viewer', `GET /sessions/${noSession}`, 404, 'not-found'],
  ['the timeline of an unknown session', 'viewer', 'GET /sessions/nothing/timeline', 404, 'not-found'],
  ['an unknown CDR', 'viewer', 'GET /cdrs/nothing', 404, 'not-found'],
  ['the explanation of an unknown CDR', 'viewer', 'GET /cdrs/nothing/explanation', 404, 'not-found'],
  ['a limit of nothing', 'viewer', 'GET /sessions?limit=0', 400, 'invalid'],
  ['a limit that is no number', 'viewer', 'GET /cdrs?limit=ten', 400, 'invalid'],
  ['a filter that does not exist', 'viewer', 'GET /stations?colour=red', 400, 'invalid'],
  ['an instant that is none', 'viewer', 'GET /sessions?from=yesterday', 400, 'invalid'],
  ['an instant that no calendar has', 'viewer', 'GET /sessions?from=2026-02-31T25:61:00Z', 400, 'invalid'],
  ['an id with a zero byte', 'viewer', 'GET /sessions/%00', 404, 'not-found'],
  ['a path that cannot be decoded', 'viewer', 'GET /stations/%E0%A4%A', 400, 'invalid'],
  ['a path that does not exist', 'viewer', 'GET /horoscopes', 404, 'not-found'],
  ['a method that a list does not have', 'admin', 'DELETE /sessions', 405, 'method-not-allowed'],
  ['a command to a station that is away', 'admin', 'POST /stations/CHG-OAK-DC-0001/calls/Reset', 409, 'offline', '{"type":"Soft"}'],
];
