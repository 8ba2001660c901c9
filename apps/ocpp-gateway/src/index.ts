// What can be run without a socket: from a CALL through its route to the version-neutral fact.
export { CallDesk } from './calls/call-desk';
export { type Arrival, type Route, routeOf } from './calls/routes';
export { type Registrar, type SpokenVersion, Station } from './connection/station';
