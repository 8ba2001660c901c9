// Taking connectors out of use and into it again. A connector with a session changes when the session is over.
import type { Connector } from '../station/connector';
import type { StationHost } from '../station/host';

/** OCPP 1.6 section 5.2, OCPP 2.0.1 G03 and G04. */
export function changeAvailability(host: StationHost, connectors: readonly Connector[], isOperative: boolean) {
  const charging = connectors.filter(({ session }) => session !== undefined);
  for (const connector of charging) connector.scheduledOperative = isOperative;
  const afterwards = () => {
    for (const connector of connectors) {
      if (connector.scheduledOperative !== undefined) continue;
      connector.isOperative = isOperative;
      host.restConnector(connector);
    }
  };
  return { status: charging.length > 0 && !isOperative ? ('Scheduled' as const) : ('Accepted' as const), afterwards };
}
