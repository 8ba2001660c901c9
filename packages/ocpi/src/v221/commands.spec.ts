// Commands in OCPI 2.3.0, which is the canonical form, and in 2.2.1.
import { bearer } from '../v230/fixtures';
import { v230 } from '../v230/v230';
import { v221 } from './v221';

const owner = { owner: 'US-MOB' } as const;
const response_url = 'https://mob.example/ocpi/emsp/2.2.1/commands/START_SESSION/1';
const token = {
  ...{ country_code: 'US', party_id: 'MOB', uid: bearer.uid, type: 'EMAID', contract_id: bearer.contractId, issuer: 'M', valid: true },
  ...{ whitelist: 'ALLOWED', last_updated: '2026-01-01T00:00:00.000Z' },
};
const start = { response_url, token, location_id: 'L', evse_uid: 'E', connector_id: '1', authorization_reference: 'REF' };
const reserve = { ...start, connector_id: undefined, expiry_date: '2026-05-01T10:00:00.000Z', reservation_id: 'R-1' };
const { connector_id: _, ...reservation } = reserve;

describe.each([v230, v221])('commands of OCPI $number', ({ number, commands }) => {
  it.each([
    ['START_SESSION', start],
    ['RESERVE_NOW', reservation],
  ] as const)('%s comes back as it was, in words of the token that the version has', (name, object) => {
    const said = commands[name].write(object as never);
    if (!said.ok) throw new Error(said.reason);
    const type = number === '2.2.1' ? 'OTHER' : 'EMAID';
    expect(said.wire).toEqual({ ...object, token: { ...token, type } });
    expect(said.losses).toEqual(number === '2.2.1' ? ['the token type EMAID is said as OTHER'] : []);
    expect(commands[name].read(said.wire, owner)).toEqual({ ok: true, value: { ...object, token: { ...token, type } } });
  });

  it.each([
    ['STOP_SESSION', { response_url, session_id: 'S' }],
    ['CANCEL_RESERVATION', { response_url, reservation_id: 'R-1' }],
    ['UNLOCK_CONNECTOR', { response_url, location_id: 'L', evse_uid: 'E', connector_id: '1' }],
  ] as const)('%s comes back as it was', (name, object) => {
    expect(commands[name]?.write(object as never)).toEqual({ ok: true, wire: object, losses: [] });
    expect(commands[name]?.read(object, owner)).toEqual({ ok: true, value: object });
  });

  it('are read with what we do not know in them, and with fields that are null', () => {
    const read = commands.START_SESSION.read({ ...start, connector_id: null, color: 'red', token: { ...token, color: 'red' } }, owner);
    expect(read).toMatchObject({ ok: true, value: { color: 'red', token: { color: 'red' } } });
    expect(read.ok && read.value).not.toHaveProperty('connector_id');
    expect(commands.response.read({ result: 'LATER', timeout: 2.5 }, owner)).toMatchObject({ ok: true });
    expect(commands.response.read({ result: 'REJECTED' }, owner)).toEqual({ ok: true, value: { result: 'REJECTED' } });
  });

  it.each([
    ['without an address for the result', { ...start, response_url: undefined }],
    ['with another scheme', { ...start, response_url: 'ftp://mob.example/' }],
    ['without a token', { ...start, token: undefined }],
    ['with half a token', { ...start, token: { uid: '1' } }],
    ['without a location', { ...start, location_id: undefined }],
  ])('%s are not read', (_case, body) => {
    expect(commands.START_SESSION.read(body, owner).ok).toBe(false);
  });

  it('are written only as a strict reader takes them', () => {
    const message = [{ language: 'en', text: 'The cable is locked' }];
    expect(commands.response.write({ result: 'ACCEPTED', timeout: 60, message }).ok).toBe(true);
    expect(commands.response.write({ result: 'LATER', timeout: 60 }).ok).toBe(false);
    expect(commands.response.write({ result: 'ACCEPTED', timeout: 2.5 }).ok).toBe(false);
    expect(commands.response.write({ result: 'ACCEPTED' }).ok).toBe(false);
    expect(commands.result.write({ result: 'EVSE_OCCUPIED', message }).ok).toBe(true);
    expect(commands.result.write({ result: 'UNKNOWN_SESSION' }).ok).toBe(false);
    expect(commands.START_SESSION.write({ ...start, token: { ...token, color: 'red' } } as never).ok).toBe(false);
    expect(commands.STOP_SESSION.write({ response_url: `https://mob.example/${'x'.repeat(255)}`, session_id: 'S' }).ok).toBe(false);
  });
});
