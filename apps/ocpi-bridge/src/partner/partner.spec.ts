import { fold } from '@evenkeel/decider';
import { type PartnerCommand, type PartnerEvent, partner, type Registration } from './partner';

const token = (name: string) => ({ sealed: `sealed ${name}`, hash: name });
const registration = (ourToken: string): Registration => ({
  version: '2.2.1',
  versionsUrl: 'https://mob.example/ocpi/versions',
  roles: [{ role: 'EMSP', party: 'US-MOB', name: 'MobilityYou' }],
  endpoints: [],
  theirToken: token('theirs'),
  ourToken: token(ourToken),
  at: '2026-03-01T10:00:00.000Z',
});
const who = { partnerId: 'p1', name: 'MobilityYou' };
const invited: PartnerEvent = { type: 'PartnerInvited', data: { ...who, tokenA: token('a') } };
const registered: PartnerEvent = { type: 'PartnerRegistered', data: { ...who, registration: registration('c1') } };
const rotated: PartnerEvent = { type: 'CredentialsRotated', data: { registration: registration('c2') } };
const unregistered: PartnerEvent = { type: 'PartnerUnregistered', data: { at: '2026-04-01T00:00:00.000Z' } };

const decide = (history: PartnerEvent[], command: PartnerCommand) => partner.decide(fold(partner, history), command);
const types = (history: PartnerEvent[], command: PartnerCommand) => {
  const decision = decide(history, command);
  return decision.accepted ? decision.events.map(({ type }) => type) : decision.rejection;
};

const invite: PartnerCommand = { kind: 'invite', ...who, tokenA: token('a2') };
const begin: PartnerCommand = { kind: 'begin', ...who, versionsUrl: 'https://mob.example/ocpi/versions', tokenB: token('b') };
const register: PartnerCommand = { kind: 'register', ...who, registration: registration('c1') };
const rotate: PartnerCommand = { kind: 'rotate', registration: registration('c2') };
const unregister: PartnerCommand = { kind: 'unregister', at: '2026-04-01T00:00:00.000Z' };

describe('a partner', () => {
  it.each([
    ['is invited', [], invite, ['PartnerInvited']],
    ['is invited again, which replaces token A', [invited], invite, ['PartnerInvited']],
    ['is met by its own invitation', [], begin, ['HandshakeBegun']],
    ['is registered', [invited], register, ['PartnerRegistered']],
    ['changes its credentials', [invited, registered], rotate, ['CredentialsRotated']],
    ['leaves', [invited, registered], unregister, ['PartnerUnregistered']],
    ['comes back after it left', [invited, registered, unregistered], invite, ['PartnerInvited']],
  ])('%s', (_, history, command, events) => {
    expect(types(history, command)).toEqual(events);
  });

  it.each([
    ['invited', invite],
    ['met', begin],
    ['registered', register],
  ])('that is registered cannot be %s', (_, command) => {
    expect(types([invited, registered], command)).toBe('already-registered');
  });

  it.each([
    ['rotate', rotate],
    ['leave', unregister],
  ])('that is not registered cannot %s', (_, command) => {
    expect(types([invited], command)).toBe('not-registered');
    expect(types([invited, registered, unregistered], command)).toBe('not-registered');
  });

  it('keeps its previous token until the new one has been used', () => {
    expect(fold(partner, [invited, registered]).handshakeToken).toBeUndefined();
    expect(fold(partner, [invited, registered, rotated]).previousToken).toEqual(token('c1'));
    expect(types([invited, registered, rotated], { kind: 'use', hash: 'c1' })).toEqual([]);
    expect(types([invited, registered, rotated], { kind: 'use', hash: 'c2' })).toEqual(['PreviousTokenRetired']);
    const retired: PartnerEvent = { type: 'PreviousTokenRetired', data: { hash: 'c1' } };
    expect(fold(partner, [invited, registered, rotated, retired])).not.toHaveProperty('previousToken');
    expect(types([invited, registered, rotated, retired], { kind: 'use', hash: 'c2' })).toEqual([]);
  });

  it('whose answer was lost twice keeps the token that it has', () => {
    const again: PartnerEvent = { type: 'CredentialsRotated', data: { registration: registration('c3') } };
    const state = fold(partner, [invited, registered, rotated, again]);
    expect(state).toMatchObject({ previousToken: token('c1'), previousTokenSince: '2026-03-01T10:00:00.000Z' });
    expect(state.registration?.ourToken).toEqual(token('c3'));
  });

  describe('whose credentials we change', () => {
    const at = '2026-03-02T00:00:00.000Z';
    const begin: PartnerCommand = { kind: 'begin-rotation', token: token('n1'), at };
    const begun: PartnerEvent = { type: 'RotationBegun', data: { token: token('n1'), at } };
    const confirm = (hash: string): PartnerCommand => ({ kind: 'confirm', registration: registration(hash) });
    const confirmed: PartnerEvent = { type: 'CredentialsRotated', data: { registration: registration('n1') } };

    it('has the next token beside the one that it has, until it has answered', () => {
      expect(decide([invited, registered], begin)).toEqual({ accepted: true, events: [begun] });
      const before = fold(partner, [invited, registered, begun]);
      expect(before).toMatchObject({ nextToken: token('n1'), nextTokenSince: at });
      expect(before.registration?.ourToken).toEqual(token('c1'));
      expect(types([invited, registered, begun], confirm('n1'))).toEqual(['CredentialsRotated']);
      const after = fold(partner, [invited, registered, begun, confirmed]);
      expect(after).not.toHaveProperty('nextToken');
      expect(after).toMatchObject({ previousToken: token('c1') });
      expect(types([invited, registered, begun, confirmed], { kind: 'use', hash: 'n1' })).toEqual(['PreviousTokenRetired']);
    });

    it('is offered the same token when it is asked again', () => {
      expect(types([invited, registered, begun], { ...begin, token: token('n2') })).toEqual([]);
      expect(fold(partner, [invited, registered, begun, rotated])).toMatchObject({ nextToken: token('n1') });
    });

    it('has answered what was offered, and once', () => {
      expect(types([invited, registered], confirm('n1'))).toBe('not-begun');
      expect(types([invited, registered, begun], confirm('n2'))).toBe('not-begun');
      expect(types([invited, registered, begun, confirmed], confirm('n1'))).toBe('not-begun');
      expect(types([invited, registered, begun, unregistered], confirm('n1'))).toBe('not-begun');
      expect(types([invited], begin)).toBe('not-registered');
    });
  });

  it('may call from where it is told, also after it left and came back', () => {
    const allow: PartnerCommand = { kind: 'allow-addresses', blocks: ['192.0.2.0/24'] };
    const allowed: PartnerEvent = { type: 'PartnerAddressesAllowed', data: { blocks: ['192.0.2.0/24'] } };
    expect(decide([invited], allow)).toEqual({ accepted: true, events: [allowed] });
    expect(types([invited, allowed], allow)).toEqual([]);
    expect(types([], allow)).toBe('not-introduced');
    const met: PartnerEvent = { type: 'HandshakeBegun', data: { ...who, versionsUrl: 'https://mob.example', tokenB: token('b') } };
    for (const history of [[registered], [registered, unregistered], [registered, unregistered, invited], [met, registered, rotated]]) {
      expect(fold(partner, [invited, allowed, ...history]).allowedBlocks).toEqual(['192.0.2.0/24']);
    }
  });

  it('that left opens no door any more', () => {
    const state = fold(partner, [invited, registered, rotated, unregistered]);
    expect(state).toEqual({ status: 'unregistered', ...who });
  });
});
