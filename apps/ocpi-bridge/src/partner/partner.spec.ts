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

  it('that left opens no door any more', () => {
    const state = fold(partner, [invited, registered, rotated, unregistered]);
    expect(state).toEqual({ status: 'unregistered', ...who });
  });
});
