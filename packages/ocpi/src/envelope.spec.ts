import { failure, outcomeOf, success } from './envelope';

const at = new Date('2026-03-01T10:00:00Z');

describe('the envelope', () => {
  it('leaves data out where there is none', () => {
    expect(success(undefined, at)).toEqual({ status_code: 1000, timestamp: '2026-03-01T10:00:00.000Z' });
    expect(success([], at)).toEqual({ data: [], status_code: 1000, timestamp: '2026-03-01T10:00:00.000Z' });
    expect(failure(2001, 'no id', at)).toEqual({ status_code: 2001, status_message: 'no id', timestamp: '2026-03-01T10:00:00.000Z' });
  });
});

describe('STA-6: what an answer means', () => {
  it.each([
    ['success', 200, { status_code: 1000, data: { id: 1 } }, { kind: 'acknowledged', data: { id: 1 } }],
    ['success with null', 201, { status_code: 1000, data: null }, { kind: 'acknowledged', data: undefined }],
    ['a code as text', 200, { status_code: '1000' }, { kind: 'acknowledged', data: undefined }],
    ['a refusal', 200, { status_code: 2001, status_message: 'no' }, { kind: 'refused', statusCode: 2001, message: 'no' }],
    ['a refusal as an HTTP error', 404, { status_code: 2003 }, { kind: 'refused', statusCode: 2003, message: '' }],
    ['a failing partner', 200, { status_code: 3000 }, { kind: 'transient', reason: 'HTTP 200, OCPI 3000' }],
    ['a hub that knows no such party', 200, { status_code: 4001 }, { kind: 'refused', statusCode: 4001, message: '' }],
    ...[4000, 4002, 4003, 4999].map(
      (code) =>
        [
          `a hub's ${code}`,
          ...[200, { status_code: code }, { kind: 'transient', reason: `HTTP 200, OCPI ${code}`, isBehindHub: true }],
        ] as [string, number, unknown, object],
    ),
    ['success inside an HTTP error', 500, { status_code: 1000 }, { kind: 'transient', reason: 'HTTP 500, OCPI 1000' }],
    ['no OCPI at all', 502, undefined, { kind: 'transient', reason: 'HTTP 502 without an OCPI answer' }],
    ['a web page', 200, '<html>', { kind: 'transient', reason: 'HTTP 200 without an OCPI answer' }],
    ['a token that is refused', 401, { status_code: 2001 }, { kind: 'unauthorized' }],
  ])('%s', (_, http, body, outcome) => {
    expect(outcomeOf(http, body)).toEqual(outcome);
  });

  it('honours Retry-After', () => {
    expect(outcomeOf(429, { status_code: 2000 }, '7')).toMatchObject({ kind: 'transient', retryAfterSeconds: 7 });
    expect(outcomeOf(503, undefined, 'soon')).not.toHaveProperty('retryAfterSeconds');
  });
});
