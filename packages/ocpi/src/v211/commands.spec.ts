// Commands in OCPI 2.1.1: what it has no word for is named, and what it would say wrongly is not said.
import { v211 } from './v211';

const { commands } = v211;
const owner = { owner: 'US-MOB' } as const;
const response_url = 'https://mob.example/ocpi/emsp/2.1.1/commands/START_SESSION/1';
const token = {
  ...{ country_code: 'US', party_id: 'MOB', uid: '1', type: 'RFID', contract_id: 'C1', issuer: 'M', valid: true },
  ...{ whitelist: 'ALLOWED', last_updated: '2026-01-01T00:00:00.000Z' },
};
const { country_code: _1, party_id: _2, contract_id, ...said } = token;
const token211 = { ...said, auth_id: contract_id };

describe('commands of OCPI 2.1.1', () => {
  it('COM-4: start without a connector and a reference, and name the driver by the contract', () => {
    const object = { response_url, token, location_id: 'L', evse_uid: 'E', connector_id: '1', authorization_reference: 'REF' };
    const wire = { response_url, token: token211, location_id: 'L', evse_uid: 'E' };
    const losses = ['the connector is not said', 'the authorization reference is not said'];
    expect(commands.START_SESSION.write(object)).toEqual({ ok: true, wire, losses });
    const { connector_id: _, authorization_reference: __, ...rest } = object;
    expect(commands.START_SESSION.read(wire, owner)).toEqual({ ok: true, value: rest });
    expect(commands.START_SESSION.read({ ...wire, token }, owner).ok).toBe(false);
  });

  it('reserve under a number', () => {
    const object = { response_url, token, expiry_date: '2026-05-01T10:00:00.000Z', reservation_id: '77', location_id: 'L' };
    const wire = { ...object, token: token211, reservation_id: 77 };
    expect(commands.RESERVE_NOW.write(object)).toEqual({ ok: true, wire, losses: [] });
    expect(commands.RESERVE_NOW.read(wire, owner)).toEqual({ ok: true, value: object });
    for (const reservation_id of ['R-1', '2147483648'])
      expect(commands.RESERVE_NOW.write({ ...object, reservation_id })).toMatchObject({ ok: false });
  });

  it('stop and unlock as later versions do, and take no reservation back', () => {
    const unlock = { response_url, location_id: 'L', evse_uid: 'E', connector_id: '1' };
    expect(commands.UNLOCK_CONNECTOR.write(unlock)).toEqual({ ok: true, wire: unlock, losses: [] });
    expect(commands.STOP_SESSION.read({ response_url, session_id: 'S' }, owner).ok).toBe(true);
    expect(commands.CANCEL_RESERVATION).toBeUndefined();
  });

  it('COM-4: answer with one object for both answers, which says no timeout and no reason', () => {
    const message = [{ language: 'en', text: 'no' }];
    expect(commands.response.write({ result: 'REJECTED', timeout: 30, message })).toEqual({
      ...{ ok: true, wire: { result: 'REJECTED' }, losses: ['the message is not said', 'the timeout is not said'] },
    });
    expect(commands.response.read({ result: 'ACCEPTED' }, owner)).toEqual({ ok: true, value: { result: 'ACCEPTED', timeout: 60 } });
    expect(commands.result.read({ result: 'TIMEOUT' }, owner)).toEqual({ ok: true, value: { result: 'TIMEOUT' } });
  });

  it.each([
    ['ACCEPTED', 'ACCEPTED', []],
    ['NOT_SUPPORTED', 'NOT_SUPPORTED', []],
    ['EVSE_OCCUPIED', 'REJECTED', ['the result EVSE_OCCUPIED is said as REJECTED']],
    ['FAILED', 'REJECTED', ['the result FAILED is said as REJECTED']],
  ])('say the result %s as %s', (result, word, losses) => {
    expect(commands.result.write({ result })).toEqual({ ok: true, wire: { result: word }, losses });
  });
});
