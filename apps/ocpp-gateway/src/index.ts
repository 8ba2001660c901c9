// What can be run without a socket: from a CALL through its route to the version-neutral fact.
export type { Arrival } from './calls/call';
export { CallDesk } from './calls/call-desk';
export { type Route, routeOf } from './calls/routes';
export { type Registrar, type SpokenVersion, Station } from './connection/station';
