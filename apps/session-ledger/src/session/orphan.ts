// Transactions that nobody started here: a stop or readings that name an id which was never issued, or none (TX-27, TX-34).
import type { SessionState } from './session';

/** An OCPP 1.6 transaction that nobody started: in 2.x a session may begin with any event (TX-61), in 1.6 its id was never issued here. */
export function isOrphan({ opened, facts }: SessionState): boolean {
  return opened?.ocppVersion === '1.6' && facts.start === undefined;
}

/** An orphan of which it is not decided yet whose it is. */
export function isWaitingStray(state: SessionState): boolean {
  return isOrphan(state) && !state.strayed && state.mergedInto === undefined;
}
