// What became of a command at the charger, in the words of OCPI (2.3.0 mod_commands, CommandResultType). Pure.
import type { Problem, StationCommand } from '@evenkeel/contracts';
import type { Order, Outcome } from './partner-command';

/** What a charger says of a reservation or a lock, beside yes and no (OCPP 2.1 ReserveNowStatusEnumType, UnlockStatusEnumType). */
const WORDS: Readonly<Record<string, string>> = {
  Occupied: 'EVSE_OCCUPIED',
  Unavailable: 'EVSE_INOPERATIVE',
  Faulted: 'EVSE_INOPERATIVE',
  NotSupported: 'NOT_SUPPORTED',
  UnlockFailed: 'FAILED',
};

/** @returns undefined while the charger has not answered. */
export function outcomeOf(command: Order['command'], { status, detail, errorCode }: StationCommand): Outcome | undefined {
  const why = detail === undefined ? {} : { detail };
  switch (status) {
    case 'requested':
      return undefined;
    case 'accepted':
    case 'done':
    // It said yes; whether it did so is another question than OCPI asks.
    case 'no-effect':
      return { result: 'ACCEPTED' };
    case 'rejected':
      if (command === 'CANCEL_RESERVATION') return { result: 'UNKNOWN_RESERVATION', ...why };
      return { result: WORDS[detail ?? ''] ?? 'REJECTED', ...why };
    case 'refused':
      return { result: errorCode === 'NotSupported' || errorCode === 'NotImplemented' ? 'NOT_SUPPORTED' : 'FAILED', ...why };
    case 'unknown':
      return { result: 'TIMEOUT', ...why };
    case 'not-sent':
      return { result: 'FAILED', ...why };
  }
}

export function outcomeOfProblem({ code, message }: Problem): Outcome {
  if (code === 'timeout') return { result: 'TIMEOUT', detail: message };
  return { result: code === 'not-supported' ? 'NOT_SUPPORTED' : 'FAILED', detail: message };
}
