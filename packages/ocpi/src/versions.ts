// Versions and endpoints (OCPI 2.2.1 version_information_endpoint): how two platforms find out what they can say to each other.
import { type Static, Type } from '@sinclair/typebox';
import { ciString, openEnum, url } from './wire-schema';

export const VersionList = Type.Array(Type.Object({ version: ciString(16), url }));
export type VersionList = Static<typeof VersionList>;

/** Whether an endpoint serves its owner's own data (SENDER) or takes data that others own (RECEIVER). */
export type InterfaceRole = 'SENDER' | 'RECEIVER';

/** OCPI 2.1.1 names no role: a module has one endpoint there. */
export const Endpoint = Type.Object({ identifier: ciString(64), role: Type.Optional(openEnum('SENDER', 'RECEIVER')), url });
export type Endpoint = Static<typeof Endpoint>;
export const VersionDetails = Type.Object({ version: ciString(16), endpoints: Type.Array(Endpoint, { minItems: 1 }) });
export type VersionDetails = Static<typeof VersionDetails>;

/** The credentials endpoint is symmetric: whichever role it is listed with, it is the one (OCPI 2.2.1 mod_versions, InterfaceRole). */
export function endpointOf(endpoints: readonly Endpoint[], identifier: string, role?: InterfaceRole): string | undefined {
  const isIt = (endpoint: Endpoint) => role === undefined || endpoint.role === undefined || endpoint.role === role;
  return endpoints.find((endpoint) => endpoint.identifier === identifier && isIt(endpoint))?.url;
}

export function counterpart(role: InterfaceRole): InterfaceRole {
  return role === 'SENDER' ? 'RECEIVER' : 'SENDER';
}
