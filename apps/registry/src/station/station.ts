// The decider of a station: what the operator registered, how it may prove who it is, and what is known of it since it first booted.
import type { StationChange, StationFactOf, StationRegistration } from '@evenkeel/contracts';
import { accept, type Decider, type Decision, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { type AccessEvent, evolveAccess, type Login, learn, type PasswordOutcome, type StationAccess } from './access';
import { hashesOfVersion1, type PasswordHash } from './password';

/** A registration with every default filled in; the password is only in `passwordHashes`. */
export type RegisteredStation = Required<
  Pick<StationRegistration, 'stationId' | 'party' | 'locationId' | 'versions' | 'securityProfile' | 'registration' | 'evses'>
> &
  Omit<StationRegistration, 'password' | 'versions' | 'securityProfile' | 'registration'>;

type Boot = Pick<StationFactOf<'station-booted'>, 'stationId' | 'at' | 'vendor' | 'model' | 'serialNumber' | 'firmwareVersion'>;

export type StationEvent =
  | { type: 'StationRegistered'; data: { station: RegisteredStation; passwordHashes: PasswordHash[] } }
  | { type: 'StationChanged'; data: { stationId: string; change: Omit<StationChange, 'password'>; passwordHashes?: PasswordHash[] } }
  | { type: 'StationBooted'; data: Boot }
  | AccessEvent;

export type StationCommand =
  | { kind: 'register'; station: RegisteredStation; passwordHashes: PasswordHash[] }
  | { kind: 'change'; change: Omit<StationChange, 'password'>; passwordHashes?: PasswordHash[] }
  | { kind: 'boot'; boot: Boot }
  | { kind: 'login'; login: Login }
  | { kind: 'lower-profile'; reason: string }
  | { kind: 'intend-password'; changeId: string; passwordHashes: PasswordHash[]; at: string }
  | { kind: 'settle-password'; changeId: string; outcome: PasswordOutcome };

export type StationRejection =
  | 'already-registered'
  | 'not-registered'
  | 'password-missing'
  | 'serial-missing'
  | 'below-floor'
  | 'not-on-profile-3'
  | 'change-unknown';

export interface StationState {
  station?: RegisteredStation;
  access: StationAccess;
  boot?: Boot;
}

interface Version1 {
  passwordHashes?: string[];
}
const withForms = (data: unknown) => {
  const { passwordHashes, ...rest } = data as Version1;
  return { ...rest, ...(passwordHashes ? { passwordHashes: hashesOfVersion1(passwordHashes) } : {}) };
};

export const stationCodec: Codec<StationEvent> = codecOf<StationEvent>({
  StationRegistered: [withForms],
  StationChanged: [withForms],
  StationBooted: [],
  SecurityProfileReached: [],
  SecurityProfileLowered: [],
  PasswordEncodingFound: [],
  SerialPinned: [],
  PasswordChangeIntended: [],
  PasswordChangeSettled: [],
});

export const station: Decider<StationState, StationCommand, StationEvent, StationRejection> = {
  initial: () => ({ access: { passwordHashes: [], floor: 0 } }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'StationRegistered':
        return { ...state, station: event.data.station, access: { passwordHashes: event.data.passwordHashes, floor: 0 } };
      case 'StationChanged':
        return changed(state, event.data);
      case 'StationBooted':
        return { ...state, boot: event.data };
      case 'SecurityProfileReached':
        return { ...moved(state, event.data.securityProfile), access: evolveAccess(state.access, event) };
      case 'SecurityProfileLowered':
        return { ...moved(state, event.data.to), access: evolveAccess(state.access, event) };
      default:
        return { ...state, access: evolveAccess(state.access, event) };
    }
  },
  decide: (state, command) => {
    if (command.kind === 'register') return register(state, command);
    if (command.kind === 'boot') return accept(...bootEvents(state, command.boot));
    if (!state.station) return reject('not-registered');
    const { access } = state;
    const { stationId } = state.station;
    switch (command.kind) {
      case 'change':
        return change(state, state.station, command);
      case 'login':
        // Between what the desk has seen and now, another connection may have come with more.
        if (command.login.securityProfile < access.floor) return reject('below-floor');
        return accept<StationEvent>(...learn(stationId, access, command.login));
      case 'lower-profile':
        if (state.station.securityProfile !== 3) return reject('not-on-profile-3');
        if (access.passwordHashes.length === 0) return reject('password-missing');
        return accept<StationEvent>({ type: 'SecurityProfileLowered', data: { stationId, from: 3, to: 2, reason: command.reason } });
      case 'intend-password': {
        const { changeId, passwordHashes, at: intendedAt } = command;
        if (access.passwordChange?.changeId === changeId) return accept();
        return accept<StationEvent>({ type: 'PasswordChangeIntended', data: { stationId, changeId, passwordHashes, intendedAt } });
      }
      case 'settle-password': {
        const { changeId, outcome } = command;
        const known = access.passwordChange;
        if (known?.changeId !== changeId) return reject('change-unknown');
        // A login has told already what an answer that got lost cannot.
        if (known.phase === outcome || (outcome === 'unconfirmed' && known.phase !== 'intended')) return accept();
        return accept<StationEvent>({ type: 'PasswordChangeSettled', data: { stationId, changeId, outcome, by: 'answer' } });
      }
    }
  },
};

export const stationStreamPrefix = 'station-';

function register(state: StationState, command: Extract<StationCommand, { kind: 'register' }>): Decision<StationEvent, StationRejection> {
  if (state.station) return reject('already-registered');
  const { station: wanted, passwordHashes } = command;
  const missing = missingProof(wanted, passwordHashes);
  if (missing) return reject(missing);
  return accept<StationEvent>({ type: 'StationRegistered', data: { station: wanted, passwordHashes } });
}

function change(
  { access }: StationState,
  registered: RegisteredStation,
  { change: wanted, passwordHashes }: Extract<StationCommand, { kind: 'change' }>,
): Decision<StationEvent, StationRejection> {
  const next = { ...registered, ...wanted };
  const missing = missingProof(next, passwordHashes ?? access.passwordHashes, access.pinnedSerial);
  if (missing) return reject(missing);
  if (next.securityProfile < registered.securityProfile && next.securityProfile < access.floor) return reject('below-floor');
  return accept<StationEvent>({
    type: 'StationChanged',
    data: { stationId: registered.stationId, change: wanted, ...(passwordHashes ? { passwordHashes } : {}) },
  });
}

/** What the station's profile, or the one that it is to change to, cannot do without. */
function missingProof(
  { securityProfile, announcedSecurityProfile, expectedSerial, pinSerialOnFirstUse }: RegisteredStation,
  passwordHashes: readonly PasswordHash[],
  pinnedSerial?: string,
): 'password-missing' | 'serial-missing' | undefined {
  const profiles = [securityProfile, announcedSecurityProfile ?? 0];
  if (passwordHashes.length === 0 && profiles.some((profile) => profile === 1 || profile === 2)) return 'password-missing';
  const isBound = expectedSerial !== undefined || pinSerialOnFirstUse === true || pinnedSerial !== undefined;
  return profiles.includes(3) && !isBound ? 'serial-missing' : undefined;
}

function changed(state: StationState, { change, passwordHashes }: Extract<StationEvent, { type: 'StationChanged' }>['data']): StationState {
  if (!state.station) return state;
  const { passwordChange: _, foundEncoding: __, ...rest } = state.access;
  // A password that an operator sets counts at once and leaves nothing open; how it is sent is to be found out anew.
  const access = passwordHashes ? { ...rest, passwordHashes } : state.access;
  return { ...state, station: { ...state.station, ...change }, access };
}

function moved(state: StationState, securityProfile: number): Pick<StationState, 'station' | 'boot'> {
  if (!state.station) return state;
  const { announcedSecurityProfile: announced, ...registered } = state.station;
  const isPending = announced !== undefined && announced > securityProfile;
  return { ...state, station: { ...registered, securityProfile, ...(isPending ? { announcedSecurityProfile: announced } : {}) } };
}

/** A repeated BootNotification tells nothing new; only an unknown or a changed station is worth an event. */
function bootEvents({ station: registered, boot: last }: StationState, boot: Boot): StationEvent[] {
  // A station that is not accepted has not booted: the gateway lets nothing else pass before it has.
  if (registered?.registration !== 'accepted' || (last !== undefined && boot.at <= last.at)) return [];
  const identity = ({ vendor, model, serialNumber, firmwareVersion }: Boot) =>
    JSON.stringify([vendor, model, serialNumber, firmwareVersion]);
  return last !== undefined && identity(last) === identity(boot) ? [] : [{ type: 'StationBooted', data: boot }];
}
