// The closing lines of a start: where everything is and how to get in.
import { type NetworkFile, stationPassword } from '@evenkeel/registry';
import type { Network } from './network';
import type { platforms } from './platforms';
import type { Terminal } from './terminal';

interface SummaryOf {
  platforms: typeof platforms;
  demoStation: string;
  networkFile: NetworkFile;
  partnerFile: NetworkFile;
}

export function printSummary(
  terminal: Terminal,
  network: Network,
  { platforms: all, demoStation, networkFile, partnerFile }: SummaryOf,
): void {
  const { ports, host } = network.options;
  const login = (file: NetworkFile) => file.operators.map(({ username, password }) => `${username} / ${password}`).join(', ');
  terminal.heading('Everything is running. Ctrl-C stops it.');
  terminal.text(`  OCPP 1.6J and 2.0.1   ${network.ocppUrl}/<stationId>`);
  terminal.text(`    by TLS              ${network.ocppTlsUrl}/<stationId>, root certificate ${network.certificates.rootFile}`);
  terminal.text(`    for example         ${demoStation} with password ${stationPassword(networkFile.passwordSecret, demoStation)}`);
  terminal.text(`    tokens              ${networkFile.tokens[0]?.uid} (Chargem), ${partnerFile.tokens[0]?.uid} (MobilityYou, roaming)`);
  terminal.text(`  Chargem REST          ${network.consoleUrl('chargem')}  (OpenAPI: ${network.consoleUrl('chargem')}/openapi.json)`);
  terminal.text(`    log in as           ${login(networkFile)}; X-API-Key ${networkFile.apiKeys[0]?.key}`);
  terminal.text(`  Chargem OCPI          ${network.ocpiVersionsUrl('chargem')}`);
  terminal.text(`  MobilityYou REST      ${network.consoleUrl('mobilityyou')}  (${login(partnerFile)})`);
  terminal.text(`  MobilityYou OCPI      ${network.ocpiVersionsUrl('mobilityyou')}`);
  terminal.text('  Health and metrics    /health/live, /health/ready, /metrics at');
  for (const { businessName, services } of Object.values(all)) {
    const places = Object.entries(services).map(([service, port]) => `${service} http://${host}:${ports[port]}`);
    for (const place of places) terminal.text(`    ${businessName.padEnd(12)} ${place}`);
  }
}
