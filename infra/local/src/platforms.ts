// The two networks of a laptop: who they are, which services each of them runs, and which ports are theirs.
import type { AppName } from '@evenkeel/contracts';
import type { PortName } from './addresses';

export type PlatformName = 'chargem' | 'mobilityyou';

export interface PlatformDefinition {
  name: PlatformName;
  party: string;
  role: 'CPO' | 'EMSP';
  businessName: string;
  services: Partial<Record<AppName, PortName>>;
  eventStorePort: PortName;
  ocpiPort: PortName;
  consolePort: PortName;
}

export const platforms: Record<PlatformName, PlatformDefinition> = {
  chargem: {
    name: 'chargem',
    party: 'US-CHG',
    role: 'CPO',
    businessName: 'Chargem',
    services: {
      registry: 'REGISTRY_HEALTH_PORT',
      'session-ledger': 'LEDGER_HEALTH_PORT',
      billing: 'BILLING_HEALTH_PORT',
      'ocpi-bridge': 'BRIDGE_HEALTH_PORT',
      'ocpp-gateway': 'GATEWAY_HEALTH_PORT',
      console: 'CONSOLE_HEALTH_PORT',
    },
    eventStorePort: 'EVENTSTORE_PORT',
    ocpiPort: 'OCPI_PORT',
    consolePort: 'CONSOLE_PORT',
  },
  mobilityyou: {
    name: 'mobilityyou',
    party: 'US-MOB',
    role: 'EMSP',
    businessName: 'MobilityYou',
    services: {
      registry: 'MOBILITYYOU_REGISTRY_HEALTH_PORT',
      billing: 'MOBILITYYOU_BILLING_HEALTH_PORT',
      'ocpi-bridge': 'MOBILITYYOU_BRIDGE_HEALTH_PORT',
      console: 'MOBILITYYOU_CONSOLE_HEALTH_PORT',
    },
    eventStorePort: 'MOBILITYYOU_EVENTSTORE_PORT',
    ocpiPort: 'MOBILITYYOU_OCPI_PORT',
    consolePort: 'MOBILITYYOU_CONSOLE_PORT',
  },
};
