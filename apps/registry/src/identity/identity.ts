// The decider of a driver's and of a token's stream. Whom it is about is sealed before it comes here: nothing in a stream names a person,
// and what is decided needs no key. Erased is the end: a reference that is in old sessions must never lead to somebody new.
import type { IssuedToken, PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import type { Sealed } from './sealing';

/** `digest` is the same for the same content under the same keys. */
interface SealedContent {
  sealed: Sealed;
  digest: string;
}
export type SealedToken = IssuedToken & SealedContent & { lastUpdated: string };
export type SealedDriver = SealedContent & { party: PartyKey };

export type IdentityEvent =
  | { type: 'TokenRegistered' | 'TokenChanged'; data: SealedToken }
  /** A partner told of a token of its own: a new one, or what has changed of it. */
  | { type: 'TokenReceived'; data: SealedToken }
  | { type: 'TokenErased'; data: IssuedToken }
  | { type: 'DriverRegistered' | 'DriverChanged'; data: SealedDriver }
  /** Its operator is in the metadata. */
  | { type: 'DriverErased'; data: { party: PartyKey } };

export type IdentityCommand =
  | { kind: 'put-token' | 'receive-token'; token: SealedToken }
  | { kind: 'put-driver'; driver: SealedDriver }
  /** `holdsTokens`: a token may name a driver whom nobody has registered, who can be erased all the same. */
  | { kind: 'erase-driver'; party: PartyKey; holdsTokens: boolean }
  | { kind: 'erase-token' };
export type IdentityRejection = 'erased' | 'unknown';

export interface IdentityState {
  token?: SealedToken;
  driver?: SealedDriver;
  erased: boolean;
}

export const identity: Decider<IdentityState, IdentityCommand, IdentityEvent, IdentityRejection> = {
  initial: () => ({ erased: false }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'TokenRegistered':
      case 'TokenChanged':
      case 'TokenReceived':
        return { ...state, token: event.data };
      case 'DriverRegistered':
      case 'DriverChanged':
        return { ...state, driver: event.data };
      case 'TokenErased':
      case 'DriverErased':
        return { erased: true };
    }
  },
  decide: (state, command) => {
    const { token, driver, erased } = state;
    switch (command.kind) {
      case 'put-token':
      case 'receive-token':
        if (erased) return reject('erased');
        // A partner's page may be older than what the partner has pushed in the meantime.
        if (token && (token.digest === command.token.digest || token.lastUpdated > command.token.lastUpdated)) return accept();
        if (command.kind === 'receive-token') return accept<IdentityEvent>({ type: 'TokenReceived', data: command.token });
        return accept<IdentityEvent>({ type: token ? 'TokenChanged' : 'TokenRegistered', data: command.token });
      case 'put-driver':
        if (erased) return reject('erased');
        if (driver?.digest === command.driver.digest) return accept();
        return accept<IdentityEvent>({ type: driver ? 'DriverChanged' : 'DriverRegistered', data: command.driver });
      case 'erase-driver':
        if (erased) return accept();
        if (!driver && !command.holdsTokens) return reject('unknown');
        return accept<IdentityEvent>({ type: 'DriverErased', data: { party: command.party } });
      case 'erase-token':
        if (erased) return accept();
        return token
          ? accept<IdentityEvent>({ type: 'TokenErased', data: { party: token.party, key: token.key, type: token.type } })
          : reject('unknown');
    }
  },
};

export const identityCodec: Codec<IdentityEvent> = codecOf<IdentityEvent>({
  TokenRegistered: [],
  TokenChanged: [],
  TokenReceived: [],
  TokenErased: [],
  DriverRegistered: [],
  DriverChanged: [],
  DriverErased: [],
});

/** The token that the event tells of. */
export function tokenIn(event: IdentityEvent): SealedToken | undefined {
  return event.type === 'TokenRegistered' || event.type === 'TokenChanged' || event.type === 'TokenReceived' ? event.data : undefined;
}

export const tokenStreamPrefix = 'token-';
export const driverStreamPrefix = 'driver-';
