// How a station proves who it is, as far as its history tells: the password that counts, one that may be replacing it, the lowest security
// profile that it may still use, and what was learned from its connections.
import type { FoundEncoding, PasswordHash } from './password';

export interface StationAccess {
  /** Of the password that is in force. */
  readonly passwordHashes: readonly PasswordHash[];
  readonly passwordChange?: PasswordChange;
  /** How the station sends its password, once that is known. */
  readonly foundEncoding?: FoundEncoding;
  /** The highest profile that the station has ever connected with; it sinks by an operator's action only (OCPP 2.0.1 A05.FR.07). */
  readonly floor: number;
  /** The serial number of the first certificate, where the operator registered none. */
  readonly pinnedSerial?: string;
}

/** A password on its way to the station: written down before it leaves, because the station may hold it when our process is gone. */
export interface PasswordChange {
  readonly changeId: string;
  /** Of the new password. */
  readonly passwordHashes: readonly PasswordHash[];
  readonly formerHashes: readonly PasswordHash[];
  readonly intendedAt: string;
  /** `unconfirmed`: nobody knows whether the station has taken it; both passwords are good until one of them logs in. */
  readonly phase: 'intended' | 'unconfirmed' | 'accepted' | 'refused';
}

export type PasswordOutcome = 'accepted' | 'refused' | 'unconfirmed';

export type AccessEvent =
  | { type: 'SecurityProfileReached'; data: { stationId: string; securityProfile: number } }
  | { type: 'SecurityProfileLowered'; data: { stationId: string; from: number; to: number; reason: string } }
  | { type: 'PasswordEncodingFound'; data: { stationId: string; encoding: FoundEncoding } }
  | { type: 'SerialPinned'; data: { stationId: string; serialNumber: string } }
  | {
      type: 'PasswordChangeIntended';
      data: { stationId: string; changeId: string; passwordHashes: readonly PasswordHash[]; intendedAt: string };
    }
  | { type: 'PasswordChangeSettled'; data: { stationId: string; changeId: string; outcome: PasswordOutcome; by: 'answer' | 'login' } };

/** What a connection that was let in has shown. */
export interface Login {
  readonly securityProfile: number;
  readonly at: string;
  readonly password?: { readonly generation: Generation; readonly encoding?: FoundEncoding };
  /** CN of the certificate. */
  readonly serialNumber?: string;
}

export type Generation = 'current' | 'new' | 'former';

/** A CALL is answered, or given up, long before. Until then the old password proves nothing: the CALL may not have arrived yet. */
const IN_FLIGHT_MS = 300_000;

/** @returns the passwords that may log in now. */
export function passwordsInForce({
  passwordHashes,
  passwordChange: change,
}: StationAccess): readonly [Generation, readonly PasswordHash[]][] {
  if (!change || change.phase === 'accepted' || change.phase === 'refused') return [['current', passwordHashes]];
  return [
    ['new', change.passwordHashes],
    ['former', change.formerHashes],
  ];
}

export function evolveAccess(access: StationAccess, event: AccessEvent): StationAccess {
  switch (event.type) {
    case 'SecurityProfileReached':
      return { ...access, floor: Math.max(access.floor, event.data.securityProfile) };
    case 'SecurityProfileLowered':
      return { ...access, floor: event.data.to };
    case 'PasswordEncodingFound':
      return { ...access, foundEncoding: event.data.encoding };
    case 'SerialPinned':
      return { ...access, pinnedSerial: event.data.serialNumber };
    case 'PasswordChangeIntended': {
      const { changeId, passwordHashes, intendedAt } = event.data;
      // Of an earlier change that nobody knows the outcome of, the station may hold either password.
      const formerHashes = passwordsInForce(access).flatMap(([, hashes]) => hashes);
      return { ...access, passwordChange: { changeId, passwordHashes, formerHashes, intendedAt, phase: 'intended' } };
    }
    case 'PasswordChangeSettled': {
      const change = access.passwordChange;
      if (change?.changeId !== event.data.changeId) return access;
      const phase = event.data.outcome;
      const passwordHashes = phase === 'accepted' ? change.passwordHashes : change.formerHashes;
      return { ...access, passwordHashes, passwordChange: { ...change, phase } };
    }
  }
}

/** What is worth remembering of a login; mostly nothing. */
export function learn(stationId: string, access: StationAccess, login: Login): AccessEvent[] {
  const events: AccessEvent[] = [];
  const { securityProfile, password, serialNumber } = login;
  if (securityProfile > access.floor) events.push({ type: 'SecurityProfileReached', data: { stationId, securityProfile } });
  if (serialNumber !== undefined && access.pinnedSerial === undefined)
    events.push({ type: 'SerialPinned', data: { stationId, serialNumber } });
  if (password?.encoding !== undefined && access.foundEncoding !== password.encoding) {
    events.push({ type: 'PasswordEncodingFound', data: { stationId, encoding: password.encoding } });
  }
  const outcome = password && proved(access.passwordChange, password.generation, login.at);
  const changeId = access.passwordChange?.changeId;
  if (outcome && changeId !== undefined) {
    events.push({ type: 'PasswordChangeSettled', data: { stationId, changeId, outcome, by: 'login' } });
  }
  return events;
}

function proved(change: PasswordChange | undefined, generation: Generation, at: string): 'accepted' | 'refused' | undefined {
  if (!change || (change.phase !== 'intended' && change.phase !== 'unconfirmed')) return undefined;
  if (generation === 'new') return 'accepted';
  const isOver = change.phase === 'unconfirmed' || Date.parse(at) - Date.parse(change.intendedAt) > IN_FLIGHT_MS;
  return isOver ? 'refused' : undefined;
}
