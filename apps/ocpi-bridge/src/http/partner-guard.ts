// Who calls, and whether this door is open to it.
import { OcpiProblem, readAuthorization, readRouting, statusCodes, writeRouting } from '@evenkeel/ocpi';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { otherRole } from '../interfaces';
import type { Handshake } from '../partner/handshake';
import type { Caller, PartnerView } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { Platform } from '../platform';
import type { Doorman } from './doorman';
import { FOR_HANDSHAKE, NOT_ROUTED, type OcpiRequest, versionOf } from './request';

export class PartnerGuard implements CanActivate {
  constructor(
    private readonly platform: Platform,
    private readonly partners: PartnerView,
    private readonly vault: TokenVault,
    private readonly handshake: Handshake,
    private readonly doorman: Doorman,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<OcpiRequest>();
    if (request.url.toLowerCase().startsWith(`/ocpi/${otherRole(this.platform.role).toLowerCase()}/`)) {
      throw OcpiProblem.missing(`this platform has no ${otherRole(this.platform.role)} role`);
    }
    const parts = Object.values((request.params ?? {}) as Record<string, string>);
    // No id has such a character, and no database takes it.
    if (parts.some((part) => part.includes('\0'))) throw OcpiProblem.missing('there is no such path', statusCodes.clientError);
    const version = versionOf(request);
    const named = (request.params as { version?: string } | undefined)?.version;
    if (named !== undefined && !(version && this.platform.versions.includes(version.number)))
      throw OcpiProblem.missing(`there is no version ${named} here`, statusCodes.clientError);
    const hashes = readAuthorization(request.headers.authorization).map((token) => this.vault.hashOf(token));
    const caller = await this.partners.callerBy(hashes);
    if (caller) {
      request.partnerId = caller.partner.partnerId;
      this.doorman.admit(request, caller.partner);
    }
    const forHandshake = this.isMarked(context, FOR_HANDSHAKE);
    if (!caller || (caller.handshakeOnly && !forHandshake)) throw OcpiProblem.unauthorized();
    // Another version comes into use by credentials that are put to it (OCPI 2.2.1 mod_credentials, PUT); the one before is gone then.
    if (!forHandshake && version && version.number !== caller.partner.registration?.version)
      throw OcpiProblem.missing(`version ${version.number} is not the one of the credentials`, statusCodes.clientError);
    const isRouted = !forHandshake && !this.isMarked(context, NOT_ROUTED);
    request.caller = isRouted ? { ...caller, ...this.senderOf(request, caller, http.getResponse<FastifyReply>()) } : caller;
    await this.handshake.used(caller);
    return true;
  }

  /**
   * Headers may be missing between platforms with one party each, and a hub may leave it to us whom it means; where they are there, they must name
   * parties of the two platforms. Whoever left the receiver open learns from the answer who it was (OCPI 2.2.1 transport_and_format, Open Routing).
   */
  private senderOf(request: OcpiRequest, { partner }: Caller, reply: FastifyReply): Pick<Caller, 'from'> {
    const { from, to } = readRouting(request.headers);
    const refusal = (whose: string) => OcpiProblem.missing(`${whose} platform`, statusCodes.invalidParameters);
    if (to !== undefined && to !== this.platform.party) throw refusal(`${to} is not a party of this`);
    if (from === undefined) return {};
    if (!partner.registration?.roles.some(({ party }) => party === from)) throw refusal(`${from} is not a party of the calling`);
    if (to === undefined) reply.headers(writeRouting({ from: this.platform.party }));
    return { from };
  }

  private isMarked(context: ExecutionContext, mark: string): boolean {
    return this.reflector.getAllAndOverride<boolean>(mark, [context.getHandler(), context.getClass()]) === true;
  }
}
