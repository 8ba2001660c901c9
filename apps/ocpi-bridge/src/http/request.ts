// What the guard has found out about a request, for controllers to ask for.
import { type OcpiVersion, ocpiVersions } from '@evenkeel/ocpi';
import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../partner/partner-view';

export interface OcpiRequest extends FastifyRequest {
  caller: Caller | null;
  /** Of whoever's token it was, also where the request was refused. */
  partnerId: string | null;
  /** What the answer says in its envelope. */
  said: { ocpiStatus: number; message?: string } | null;
}

/** The partner that the token of the request belongs to. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<OcpiRequest>();
  if (!caller) throw new Error('the route is not guarded');
  return caller;
});

/** The version that the path names, where it names one that we speak. */
export function versionOf({ params }: FastifyRequest): OcpiVersion | undefined {
  const { version } = (params ?? {}) as { version?: string };
  return Object.values(ocpiVersions).find(({ number }) => number === version);
}

/** The version of the path, which the guard has looked at. */
export const InVersion = createParamDecorator((_: unknown, context: ExecutionContext): OcpiVersion => {
  const version = versionOf(context.switchToHttp().getRequest<OcpiRequest>());
  if (!version) throw new Error('the route names no version');
  return version;
});

export const NOT_ROUTED = 'not routed';
/** Between two platforms, whatever parties they have: its routing headers mean nothing (OCPI 2.2.1 transport_and_format, Message Routing Headers). */
export const NotRouted = () => SetMetadata(NOT_ROUTED, true);

export const FOR_HANDSHAKE = 'for handshake';
/** Token A or B opens these too: versions and credentials, and nothing else (OCPI 2.2.1 mod_credentials). They carry no routing headers. */
export const ForHandshake = () => SetMetadata(FOR_HANDSHAKE, true);
