// Which interfaces each role serves, and what it looks for at a partner. The version details, the pulls and the pushes all follow from this
// table, so nothing is advertised that does not exist.
import { counterpart, type Endpoint, endpointOf, type InterfaceRole, type VersionNumber } from '@evenkeel/ocpi';

export type Role = 'CPO' | 'EMSP';
type RoamingModule = 'locations' | 'tariffs' | 'sessions' | 'cdrs' | 'tokens' | 'commands' | 'chargingprofiles' | 'hubclientinfo';
export type DataModule = RoamingModule | 'payments';

type Served = Readonly<Record<RoamingModule, InterfaceRole> & { payments?: InterfaceRole }>;
const served: Readonly<Record<Role, Served>> = {
  CPO: {
    ...{ locations: 'SENDER', tariffs: 'SENDER', sessions: 'SENDER', cdrs: 'SENDER', tokens: 'RECEIVER', commands: 'RECEIVER' },
    ...{ chargingprofiles: 'RECEIVER', hubclientinfo: 'RECEIVER', payments: 'RECEIVER' },
  },
  EMSP: {
    ...{ locations: 'RECEIVER', tariffs: 'RECEIVER', sessions: 'RECEIVER', cdrs: 'RECEIVER', tokens: 'SENDER', commands: 'SENDER' },
    ...{ chargingprofiles: 'SENDER', hubclientinfo: 'RECEIVER' },
  },
};

/** Modules that came later: with OCPI 2.2, and with the extension of 2.3.0. */
const notIn: Readonly<Record<VersionNumber, readonly DataModule[]>> = {
  ...{ '2.3.0': [], '2.2.1': ['payments'], '2.1.1': ['chargingprofiles', 'hubclientinfo', 'payments'] },
};

/** A list of a module; where the module has several, the path of the list below it. */
type PulledList =
  | 'locations'
  | 'tariffs'
  | 'tokens'
  | 'sessions'
  | 'cdrs'
  | 'payments/terminals'
  | 'payments/financial-advice-confirmations';

/** What we fetch from a partner's Sender interfaces after the handshake and from time to time. */
export const pulledBy: Readonly<Record<Role, readonly PulledList[]>> = {
  CPO: ['tokens', 'payments/terminals', 'payments/financial-advice-confirmations'],
  EMSP: ['locations', 'tariffs', 'sessions', 'cdrs'],
};

export function otherRole(role: Role): Role {
  return role === 'CPO' ? 'EMSP' : 'CPO';
}

export function interfaceUrl(publicUrl: string, role: Role, version: VersionNumber, module: DataModule | 'credentials'): string {
  return `${publicUrl}/${role.toLowerCase()}/${version}/${module}`;
}

export function endpointsServed(publicUrl: string, role: Role, version: VersionNumber): Endpoint[] {
  const endpoint = (identifier: DataModule | 'credentials', side: InterfaceRole) => ({
    identifier,
    // OCPI 2.1.1 knows no sides: what is meant follows from what the platforms are to each other.
    ...(version === '2.1.1' ? {} : { role: side }),
    url: interfaceUrl(publicUrl, role, version, identifier),
  });
  const modules = (Object.entries(served[role]) as [DataModule, InterfaceRole][]).filter(([module]) => !notIn[version].includes(module));
  return [endpoint('credentials', 'SENDER'), ...modules.map(([module, side]) => endpoint(module, side))];
}

/** The partner's side of a module that we take part in. */
export function partnerEndpoint(endpoints: readonly Endpoint[], ourRole: Role, module: DataModule): string | undefined {
  const side = served[ourRole][module];
  return side && endpointOf(endpoints, module, counterpart(side))?.replace(/\/$/, '');
}

export function hasMutualModule(endpoints: readonly Endpoint[], ourRole: Role): boolean {
  return Object.keys(served[ourRole]).some((module) => partnerEndpoint(endpoints, ourRole, module as DataModule) !== undefined);
}
