// The decider of a station: what the operator registered, and what is known of it since it first booted.
import type { StationChange, StationFactOf, StationRegistration } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** A registration with every default filled in; the password is only in `passwordHashes`. */
export type RegisteredStation = Required<
  Pick<StationRegistration, 'stationId' | 'party' | 'locationId' | 'versions' | 'securityProfile' | 'registration' | 'evses'>
> &
  Pick<StationRegistration, 'vendor' | 'model'>;

type Boot = Pick<StationFactOf<'station-booted'>, 'stationId' | 'at' | 'vendor' | 'model' | 'serialNumber' | 'firmwareVersion'>;

export type StationEvent =
  | { type: 'StationRegistered'; data: { station: RegisteredStation; passwordHashes: string[] } }
  | { type: 'StationChanged'; data: { stationId: string; change: Omit<StationChange, 'password'>; passwordHashes?: string[] } }
  | { type: 'StationBooted'; data: Boot };

export type StationCommand =
  | { kind: 'register'; station: RegisteredStation; passwordHashes: string[] }
  | { kind: 'change'; change: Omit<StationChange, 'password'>; passwordHashes?: string[] }
  | { kind: 'boot'; boot: Boot };

export type StationRejection = 'already-registered' | 'not-registered' | 'password-missing';

export interface StationState {
  station?: RegisteredStation;
  passwordHashes: string[];
  boot?: Boot;
}

export const stationCodec: Codec<StationEvent> = codecOf<StationEvent>({ StationRegistered: [], StationChanged: [], StationBooted: [] });

export const station: Decider<StationState, StationCommand, StationEvent, StationRejection> = {
  initial: () => ({ passwordHashes: [] }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'StationRegistered':
        return { ...state, station: event.data.station, passwordHashes: event.data.passwordHashes };
      case 'StationChanged': {
        const { change, passwordHashes = state.passwordHashes } = event.data;
        return { ...state, ...(state.station ? { station: { ...state.station, ...change } } : {}), passwordHashes };
      }
      case 'StationBooted':
        return { ...state, boot: event.data };
    }
  },
  decide: (state, command) => {
    switch (command.kind) {
      case 'register':
        if (state.station) return reject<StationRejection>('already-registered');
        if (command.station.securityProfile > 0 && command.passwordHashes.length === 0) return reject<StationRejection>('password-missing');
        return accept<StationEvent>({
          type: 'StationRegistered',
          data: { station: command.station, passwordHashes: command.passwordHashes },
        });
      case 'change':
        return change(state, command);
      case 'boot':
        return accept(...bootEvents(state, command.boot));
    }
  },
};

export const stationStreamPrefix = 'station-';

function change(state: StationState, { change: wanted, passwordHashes }: Extract<StationCommand, { kind: 'change' }>) {
  if (!state.station) return reject<StationRejection>('not-registered');
  const hashes = passwordHashes ?? state.passwordHashes;
  if ((wanted.securityProfile ?? state.station.securityProfile) > 0 && hashes.length === 0)
    return reject<StationRejection>('password-missing');
  const { stationId } = state.station;
  return accept<StationEvent>({
    type: 'StationChanged',
    data: { stationId, change: wanted, ...(passwordHashes ? { passwordHashes } : {}) },
  });
}

/** A repeated BootNotification tells nothing new; only an unknown or a changed station is worth an event. */
function bootEvents({ station: registered, boot: last }: StationState, boot: Boot): StationEvent[] {
  // A station that is not accepted has not booted: the gateway lets nothing else pass before it has.
  if (registered?.registration !== 'accepted' || (last !== undefined && boot.at <= last.at)) return [];
  const identity = ({ vendor, model, serialNumber, firmwareVersion }: Boot) =>
    JSON.stringify([vendor, model, serialNumber, firmwareVersion]);
  return last !== undefined && identity(last) === identity(boot) ? [] : [{ type: 'StationBooted', data: boot }];
}
