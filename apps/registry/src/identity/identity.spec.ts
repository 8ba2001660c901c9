import { fold } from '@evenkeel/decider';
import { type IdentityCommand, type IdentityEvent, identity, type SealedDriver, type SealedToken } from './identity';

const issued = { party: 'US-CHG', key: 'a'.repeat(32), type: 'RFID' } as const;
const token = (digest: string, lastUpdated = '2026-03-01T00:00:00.000Z'): SealedToken => {
  return { ...issued, lastUpdated, digest, sealed: { keys: ['k'], text: digest } };
};
const driver = (digest: string): SealedDriver => ({ party: 'US-CHG', digest, sealed: { keys: ['k'], text: digest } });
const decide = (history: IdentityEvent[], command: IdentityCommand) => identity.decide(fold(identity, history), command);
const registeredToken: IdentityEvent = { type: 'TokenRegistered', data: token('1') };
const registeredDriver: IdentityEvent = { type: 'DriverRegistered', data: driver('1') };
const erasedToken: IdentityEvent = { type: 'TokenErased', data: issued };
const erasedDriver: IdentityEvent = { type: 'DriverErased', data: { party: 'US-CHG' } };

describe('a token', () => {
  it('is registered, changed by other content, and not by the same or an older one', () => {
    const put = (content: SealedToken) => ({ kind: 'put-token', token: content }) as const;
    expect(decide([], put(token('1')))).toEqual({ accepted: true, events: [registeredToken] });
    expect(decide([registeredToken], put(token('2')))).toEqual({ accepted: true, events: [{ type: 'TokenChanged', data: token('2') }] });
    expect(decide([registeredToken], put(token('1', '2026-04-01T00:00:00.000Z')))).toEqual({ accepted: true, events: [] });
    expect(decide([registeredToken], put(token('2', '2026-02-01T00:00:00.000Z')))).toEqual({ accepted: true, events: [] });
  });

  it('is received from a partner, whatever was known of it before, and not where that is newer', () => {
    const receive = (content: SealedToken) => decide([registeredToken], { kind: 'receive-token', token: content });
    const received = (content: SealedToken) => ({ accepted: true, events: [{ type: 'TokenReceived', data: content }] });
    expect(decide([], { kind: 'receive-token', token: token('1') })).toEqual(received(token('1')));
    expect(receive(token('2'))).toEqual(received(token('2')));
    expect(receive(token('1'))).toEqual({ accepted: true, events: [] });
    expect(receive(token('2', '2026-02-01T00:00:00.000Z'))).toEqual({ accepted: true, events: [] });
    const again = { kind: 'receive-token', token: token('2') } as const;
    expect(decide([{ type: 'TokenReceived', data: token('2') }], again)).toEqual({ accepted: true, events: [] });
    expect(decide([registeredToken, erasedToken], again)).toEqual({ accepted: false, rejection: 'erased' });
  });

  it('is erased for good', () => {
    expect(decide([registeredToken], { kind: 'erase-token' })).toEqual({ accepted: true, events: [erasedToken] });
    expect(decide([registeredToken, erasedToken], { kind: 'erase-token' })).toEqual({ accepted: true, events: [] });
    expect(decide([registeredToken, erasedToken], { kind: 'put-token', token: token('2') })).toEqual({
      accepted: false,
      rejection: 'erased',
    });
    expect(decide([], { kind: 'erase-token' })).toEqual({ accepted: false, rejection: 'unknown' });
  });
});

describe('a driver', () => {
  const erase = (holdsTokens = false) => ({ kind: 'erase-driver', party: 'US-CHG', holdsTokens }) as const;

  it('is registered and changed', () => {
    const put = (content: SealedDriver) => ({ kind: 'put-driver', driver: content }) as const;
    expect(decide([], put(driver('1')))).toEqual({ accepted: true, events: [registeredDriver] });
    expect(decide([registeredDriver], put(driver('2')))).toEqual({
      accepted: true,
      events: [{ type: 'DriverChanged', data: driver('2') }],
    });
    expect(decide([registeredDriver], put(driver('1')))).toEqual({ accepted: true, events: [] });
    expect(decide([registeredDriver, erasedDriver], put(driver('1')))).toEqual({ accepted: false, rejection: 'erased' });
  });

  it('is erased once, also where only a token names the driver, and not where nobody does', () => {
    expect(decide([registeredDriver], erase())).toEqual({ accepted: true, events: [erasedDriver] });
    expect(decide([], erase(true))).toEqual({ accepted: true, events: [erasedDriver] });
    expect(decide([registeredDriver, erasedDriver], erase())).toEqual({ accepted: true, events: [] });
    expect(decide([], erase())).toEqual({ accepted: false, rejection: 'unknown' });
  });
});
