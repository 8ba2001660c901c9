// Where everything listens on a laptop, and the environment variable that moves each of them.
import { freePort, isFree } from '@evenkeel/testkit';

/** Variable -> default port. Everything binds to 127.0.0.1 unless HOST says otherwise. */
export const defaultPorts = {
  OCPP_PORT: 9220,
  OCPP_TLS_PORT: 9222,
  CONSOLE_PORT: 9200,
  OCPI_PORT: 9230,
  MOBILITYYOU_OCPI_PORT: 9330,
  MOBILITYYOU_CONSOLE_PORT: 9300,
  NATS_PORT: 9240,
  EVENTSTORE_PORT: 9250,
  MOBILITYYOU_EVENTSTORE_PORT: 9350,
  POSTGRES_PORT: 9260,
  GATEWAY_HEALTH_PORT: 9221,
  CONSOLE_HEALTH_PORT: 9201,
  BRIDGE_HEALTH_PORT: 9231,
  REGISTRY_HEALTH_PORT: 9271,
  LEDGER_HEALTH_PORT: 9272,
  BILLING_HEALTH_PORT: 9273,
  MOBILITYYOU_CONSOLE_HEALTH_PORT: 9301,
  MOBILITYYOU_BRIDGE_HEALTH_PORT: 9331,
  MOBILITYYOU_REGISTRY_HEALTH_PORT: 9371,
  MOBILITYYOU_BILLING_HEALTH_PORT: 9373,
} as const;

export type PortName = keyof typeof defaultPorts;
export type Ports = Record<PortName, number>;

/** @throws with one line that names the variable of a port that is not a port. */
export function readPorts(environment: NodeJS.ProcessEnv): Ports {
  const entries = Object.entries(defaultPorts).map(([name, byDefault]) => {
    const text = environment[name];
    const port = text === undefined || text === '' ? byDefault : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`${name}=${text} is not a port`);
    return [name, port];
  });
  return Object.fromEntries(entries) as Ports;
}

/** Ports for networks beside the laptop's own: of tests and measurements. */
export async function freePorts(): Promise<Ports> {
  return Object.fromEntries(await Promise.all(Object.keys(defaultPorts).map(async (name) => [name, await freePort()]))) as Ports;
}

/** @throws with a line for every port that somebody else has. */
export async function checkPorts(ports: Ports): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (!(await isFree(port))) taken.push(`port ${port} is taken; set ${name} to another one`);
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
}
