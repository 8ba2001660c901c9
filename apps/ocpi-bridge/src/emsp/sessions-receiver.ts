// Sessions that CPOs report to an eMSP (OCPI 2.2.1 mod_sessions, Receiver).
import { randomUUID } from 'node:crypto';
import { type CdrToken, knownFields, OcpiProblem, readWire, v221, type WireSession } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, checkId, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { PartnerRecords } from '../received/partner-records';
import { type PartnerSessionCommand, partnerSessionStream } from '../received/partner-session';

type Path = OwnerPath & { id: string };

@Controller('ocpi/emsp/2.2.1/sessions/:country/:party/:id')
export class SessionsReceiver {
  constructor(
    private readonly records: PartnerRecords,
    private readonly bearers: Bearers,
  ) {}

  @Get()
  async get(@CalledBy() caller: Caller, @Param() path: Path): Promise<OcpiAnswer> {
    const session = await this.records.session(ownerIn(path, caller, 'CPO'), path.id);
    if (!session) throw OcpiProblem.missing(`there is no session ${path.id}`);
    return found({ ...session, cdr_token: await this.bearers.revealed(session.cdr_token) });
  }

  @Put()
  async put(@CalledBy() caller: Caller, @Param() path: Path, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const sent: WireSession = ownedBody(v221.session.schema, body, owner);
    checkId(sent.id, path.id);
    const session = { ...knownFields(v221.session.schema, sent), cdr_token: this.bearers.hidden(sent.cdr_token) };
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
    const patch = this.hiding(patchBody(body));
    const known = await this.records.session(owner, path.id);
    return this.take(partnerSessionStream(owner, path.id), {
      kind: 'patch',
      partnerId: caller.partner.partnerId,
      version: v221.version,
      patch,
      ...(known ? { known } : {}),
    });
  }

  /** A PATCH may name the token too. What it says beside a session's fields is not kept. */
  private hiding(patch: ReturnType<typeof patchBody>): ReturnType<typeof patchBody> {
    const fields = Object.keys(v221.session.schema.properties);
    const known = Object.fromEntries(Object.entries(patch).filter(([name]) => fields.includes(name)));
    const { last_updated } = patch;
    if (known.cdr_token === undefined) return { ...known, last_updated };
    const token: CdrToken = bodyOf(readWire(v221.session.schema.properties.cdr_token, known.cdr_token));
    return { ...known, cdr_token: this.bearers.hidden(token), last_updated };
  }

  private async take(stream: string, command: PartnerSessionCommand): Promise<OcpiAnswer> {
    const handled = await this.records.sessions.handle(stream, command, { cause: randomUUID() });
    if (handled.accepted) return stored(handled.revision === 0 && handled.events.length > 0);
    if (handled.rejection.reason === 'unknown') throw OcpiProblem.missing('there is no such session to patch: PUT it');
    throw OcpiProblem.invalid(handled.rejection.detail);
  }
}
