// What tools outside the service may know of it: the network file and the passwords of the stations in it.
export { NetworkFile, parseNetworkFile, stationPassword, stationsOf } from './network/network-file';
export { registrySeals } from './sealed-streams';
