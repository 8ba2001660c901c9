// The decider of one partner platform: how it came to be registered and which tokens open which doors (OCPI 2.2.1 mod_credentials).
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import type { Endpoint, PlatformRole, VersionNumber } from '@evenkeel/ocpi';
import type { SealedToken } from './token-vault';

/** What two platforms know of each other after a handshake. */
export interface Registration {
  version: VersionNumber;
  versionsUrl: string;
  roles: PlatformRole[];
  endpoints: Endpoint[];
  /** How the partner wants our token: as it is, or as Base64. Absent: as its version says. */
  rawToken?: boolean;
  /** What we send. */
  theirToken: SealedToken;
  /** What they send. */
  ourToken: SealedToken;
  at: string;
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
  | { type: 'PartnerUnregistered'; data: { at: string } };

export type PartnerCommand =
  | { kind: 'invite'; partnerId: string; name: string; tokenA: SealedToken }
  | { kind: 'begin'; partnerId: string; name: string; versionsUrl: string; tokenB: SealedToken }
  | { kind: 'register'; partnerId: string; name: string; registration: Registration }
  | { kind: 'rotate'; registration: Registration }
  | { kind: 'use'; hash: string }
  | { kind: 'unregister'; at: string };

export type PartnerRejection = 'already-registered' | 'not-registered';

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
  switch (event.type) {
    case 'PartnerInvited':
      return { status: 'invited', partnerId: event.data.partnerId, name: event.data.name, handshakeToken: event.data.tokenA };
    case 'HandshakeBegun':
      return { status: 'invited', partnerId: event.data.partnerId, name: event.data.name, handshakeToken: event.data.tokenB };
    case 'PartnerRegistered': {
      const { partnerId, name, registration } = event.data;
      return { status: 'registered', partnerId, name, registration, registeredAt: registration.at };
    }
    case 'CredentialsRotated': {
      const previous = state.registration?.ourToken;
      return { ...state, registration: event.data.registration, ...(previous ? { previousToken: previous } : {}) };
    }
    case 'PreviousTokenRetired': {
      const { previousToken: _, ...rest } = state;
      return rest;
    }
    case 'PartnerUnregistered':
      return { status: 'unregistered', partnerId: state.partnerId, name: state.name };
  }
}

export const partnerCodec: Codec<PartnerEvent> = codecOf<PartnerEvent>({
  PartnerInvited: [],
  HandshakeBegun: [],
  PartnerRegistered: [],
  CredentialsRotated: [],
  PreviousTokenRetired: [],
  PartnerUnregistered: [],
});

export const partnerStreamPrefix = 'partner-';

export function partnerStream(partnerId: string): string {
  return `${partnerStreamPrefix}${partnerId}`;
}
