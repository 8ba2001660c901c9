// Sessions that CPOs report to an eMSP (OCPI 2.2.1 mod_sessions, Receiver).
import { randomUUID } from 'node:crypto';
import { OcpiProblem, v221, type WireSession } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { checkId, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { PartnerRecords } from '../received/partner-records';
import { type PartnerSessionCommand, partnerSessionStream } from '../received/partner-session';

type Path = OwnerPath & { id: string };

@Controller('ocpi/emsp/2.2.1/sessions/:country/:party/:id')
export class SessionsReceiver {
  constructor(private readonly records: PartnerRecords) {}

  @Get()
  async get(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    const session = await this.records.session(ownerIn(path, caller, 'CPO'), path.id);
    if (!session) throw OcpiProblem.missing(`there is no session ${path.id}`);
    return found(session);
  }

  @Put()
  async put(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const session: WireSession = ownedBody(v221.session.schema, body, owner);
    checkId(session.id, path.id);
    return this.take(partnerSessionStream(owner, path.id), {
      kind: 'put',
      partnerId: caller.partner.partnerId,
      version: v221.version,
      session,
    });
  }

  @Patch()
  async patch(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const patch = patchBody(body);
    const known = await this.records.session(owner, path.id);
    return this.take(partnerSessionStream(owner, path.id), {
      kind: 'patch',
      partnerId: caller.partner.partnerId,
      version: v221.version,
      patch,
      ...(known ? { known } : {}),
    });
  }

  private async take(stream: string, command: PartnerSessionCommand): Promise<OcpiAnswer> {
    const handled = await this.records.sessions.handle(stream, command, { cause: randomUUID() });
    if (handled.accepted) return stored(handled.revision === 0 && handled.events.length > 0);
    if (handled.rejection.reason === 'unknown') throw OcpiProblem.missing('there is no such session to patch: PUT it');
    throw OcpiProblem.invalid(handled.rejection.detail);
  }
}
