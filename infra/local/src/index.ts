// The laptop networks as a library, for end-to-end tests and load.
export { checkPorts, defaultPorts, freePorts, type PortName, type Ports, readPorts } from './addresses';
export { type LaptopCertificates, prepareCertificates } from './certificates';
export { type Consoles, demoStation, introducePartners, loginToConsole, loginToConsoles, networkFileOf } from './demonstration';
export { explainBills } from './explain';
export { exportSession } from './export-session';
export { databaseOf, Network, type NetworkOptions } from './network';
export { NetworkAddresses, type NetworkPlace } from './network-addresses';
export { type PlatformName, platforms } from './platforms';
export { type Rebuilt, rebuild } from './rebuild';
export { eventually, RestClient } from './rest-client';
export { readWitnessed, trustedKeysOf, witnessFileOf } from './seal-book';
export { Secrets } from './secrets';
export { type ExportedSession, fixtureOf, isEdge } from './session-export';
export { Terminal } from './terminal';
export { type Verified, type VerifyOptions, verify, type WitnessedSeal } from './verify';
