// The decider of one partner platform: how it came to be registered and which tokens open which doors (OCPI 2.2.1 mod_credentials).

import type { PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { type Endpoint, HUB, type PlatformRole, type VersionNumber } from '@evenkeel/ocpi';
import type { SealedToken } from './token-vault';

export interface PartnerRole extends PlatformRole {
  /** Of a party behind a hub: what the hub says of it. Not stored with the registration. */
  status?: string;
}

/** What two platforms know of each other after a handshake. */
export interface Registration {
  version: VersionNumber;
  versionsUrl: string;
  roles: PartnerRole[];
  endpoints: Endpoint[];
  /** How the partner wants our token: as it is, or as Base64. Absent: as its version says. */
  rawToken?: boolean;
  /** What we send. */
  theirToken: SealedToken;
  /** What they send. */
  ourToken: SealedToken;
  at: string;
}

/** Its party in a role: the first, where it has more. */
export function partyIn({ roles }: Pick<Registration, 'roles'>, role: string): PartyKey | undefined {
  return roles.find((each) => each.role === role)?.party;
}

/** The hub that it is; its other parties are behind it then. */
export function hubOf(registration: Pick<Registration, 'roles'>): PartyKey | undefined {
  return partyIn(registration, HUB);
}

/**
 * To whom something is addressed that concerns everybody in a role: to a hub, which passes it on (OCPI 2.2.1 transport_and_format, Broadcast
 * Push).
 */
export function addresseeOf(registration: Pick<Registration, 'roles'>, role: string): PartyKey | undefined {
  return hubOf(registration) ?? partyIn(registration, role);
}

export type PartnerEvent =
  /** We invited the partner; token A went to it out of band. */
  | { type: 'PartnerInvited'; data: { partnerId: string; name: string; tokenA: SealedToken } }
  /** We accept its invitation. It will call us with token B before our request is answered, so token B is stored first. */
  | { type: 'HandshakeBegun'; data: { partnerId: string; name: string; versionsUrl: string; tokenB: SealedToken } }
  | { type: 'PartnerRegistered'; data: { partnerId: string; name: string; registration: Registration } }
  | { type: 'CredentialsRotated'; data: { registration: Registration } }
  /** The new token has been used: nobody needs the one before any more. */
  | { type: 'PreviousTokenRetired'; data: { hash: string } }
  /** We change the credentials. The partner will call us with the next token before our request is answered, so it is stored first. */
  | { type: 'RotationBegun'; data: { token: SealedToken; at: string } }
  /** Where the partner may call from: CIDR blocks; none, from everywhere. */
  | { type: 'PartnerAddressesAllowed'; data: { blocks: string[] } }
  | { type: 'PartnerUnregistered'; data: { at: string } };

export type PartnerCommand =
  | { kind: 'invite'; partnerId: string; name: string; tokenA: SealedToken }
  | { kind: 'begin'; partnerId: string; name: string; versionsUrl: string; tokenB: SealedToken }
  | { kind: 'register'; partnerId: string; name: string; registration: Registration }
  | { kind: 'rotate'; registration: Registration }
  /** What the partner has answered to a rotation of ours. */
  | { kind: 'confirm'; registration: Registration }
  | { kind: 'begin-rotation'; token: SealedToken; at: string }
  | { kind: 'allow-addresses'; blocks: string[] }
  | { kind: 'use'; hash: string }
  | { kind: 'unregister'; at: string };

export type PartnerRejection = 'already-registered' | 'not-registered' | 'not-begun' | 'not-introduced';

export interface PartnerState {
  status: 'unknown' | 'invited' | 'registered' | 'unregistered';
  partnerId: string;
  name: string;
  /** Token A or B: opens versions and credentials only. */
  handshakeToken?: SealedToken;
  registration?: Registration;
  registeredAt?: string;
  /** Still good until its successor has been used once. */
  previousToken?: SealedToken;
  previousTokenSince?: string;
  /** Offered in a rotation of ours that has not been answered. It opens doors as the others do: the partner may have it already. */
  nextToken?: SealedToken;
  nextTokenSince?: string;
  allowedBlocks?: string[];
}

export const partner: Decider<PartnerState, PartnerCommand, PartnerEvent, PartnerRejection> = {
  initial: () => ({ status: 'unknown', partnerId: '', name: '' }),
  evolve,
  decide: (state, command) => {
    const registered = state.status === 'registered';
    switch (command.kind) {
      case 'invite': {
        const { partnerId, name, tokenA } = command;
        return registered ? reject('already-registered') : accept({ type: 'PartnerInvited', data: { partnerId, name, tokenA } });
      }
      case 'begin': {
        const { partnerId, name, versionsUrl, tokenB } = command;
        return registered
          ? reject('already-registered')
          : accept({ type: 'HandshakeBegun', data: { partnerId, name, versionsUrl, tokenB } });
      }
      case 'register': {
        const { partnerId, name, registration } = command;
        return registered ? reject('already-registered') : accept({ type: 'PartnerRegistered', data: { partnerId, name, registration } });
      }
      case 'rotate':
        return registered ? accept({ type: 'CredentialsRotated', data: { registration: command.registration } }) : reject('not-registered');
      case 'begin-rotation':
        if (!registered) return reject('not-registered');
        // One that was interrupted goes on with the token that the partner may have got.
        return state.nextToken ? accept() : accept({ type: 'RotationBegun', data: { token: command.token, at: command.at } });
      case 'confirm':
        return registered && state.nextToken?.hash === command.registration.ourToken.hash
          ? accept({ type: 'CredentialsRotated', data: { registration: command.registration } })
          : reject('not-begun');
      case 'allow-addresses':
        if (state.status === 'unknown') return reject('not-introduced');
        return sameBlocks(state.allowedBlocks ?? [], command.blocks)
          ? accept()
          : accept({ type: 'PartnerAddressesAllowed', data: { blocks: command.blocks } });
      case 'use':
        return state.previousToken && state.registration?.ourToken.hash === command.hash
          ? accept({ type: 'PreviousTokenRetired', data: { hash: state.previousToken.hash } })
          : accept();
      case 'unregister':
        return registered ? accept({ type: 'PartnerUnregistered', data: { at: command.at } }) : reject('not-registered');
    }
  },
};

function evolve(state: PartnerState, event: PartnerEvent): PartnerState {
  // Where a partner may call from outlives its registrations: one that comes back is not let in from everywhere.
  const allowed = state.allowedBlocks === undefined ? {} : { allowedBlocks: state.allowedBlocks };
  switch (event.type) {
    case 'PartnerInvited':
      return { ...allowed, status: 'invited', ...named(event.data), handshakeToken: event.data.tokenA };
    case 'HandshakeBegun':
      return { ...allowed, status: 'invited', ...named(event.data), handshakeToken: event.data.tokenB };
    case 'PartnerRegistered': {
      const { registration } = event.data;
      return { ...allowed, status: 'registered', ...named(event.data), registration, registeredAt: registration.at };
    }
    case 'CredentialsRotated':
      return rotated(state, event.data.registration);
    case 'PreviousTokenRetired': {
      const { previousToken: _, previousTokenSince: __, ...rest } = state;
      return rest;
    }
    case 'RotationBegun':
      return { ...state, nextToken: event.data.token, nextTokenSince: event.data.at };
    case 'PartnerAddressesAllowed':
      return { ...state, allowedBlocks: event.data.blocks };
    case 'PartnerUnregistered':
      return { ...allowed, status: 'unregistered', ...named(state) };
  }
}

/** A token whose successor was never used stays the one before: an answer that was lost twice locks nobody out. */
function rotated(state: PartnerState, registration: Registration): PartnerState {
  const { nextToken, nextTokenSince, ...rest } = state;
  const isAnswered = nextToken?.hash === registration.ourToken.hash;
  const next = nextToken === undefined || isAnswered ? {} : { nextToken, ...(nextTokenSince === undefined ? {} : { nextTokenSince }) };
  const before = state.registration;
  const previous =
    state.previousToken === undefined && before !== undefined ? { previousToken: before.ourToken, previousTokenSince: before.at } : {};
  return { ...rest, registration, ...next, ...previous };
}

function named({ partnerId, name }: { partnerId: string; name: string }) {
  return { partnerId, name };
}

function sameBlocks(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((block, index) => block === b[index]);
}

export const partnerCodec: Codec<PartnerEvent> = codecOf<PartnerEvent>({
  PartnerInvited: [],
  HandshakeBegun: [],
  PartnerRegistered: [],
  CredentialsRotated: [],
  PreviousTokenRetired: [],
  RotationBegun: [],
  PartnerAddressesAllowed: [],
  PartnerUnregistered: [],
});

export const partnerStreamPrefix = 'partner-';

export function partnerStream(partnerId: string): string {
  return `${partnerStreamPrefix}${partnerId}`;
}
