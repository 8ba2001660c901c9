// Sessions that CPOs report to an eMSP (OCPI 2.2.1 mod_sessions, Receiver).
import { type CdrToken, canonical, knownFields, OcpiProblem, type OcpiVersion, patched, readWire, type WireSession } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Patch, Put } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, type OwnerPath, ownerIn, patchBody } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { PartnerPlaces } from '../received/partner-places';
import { PartnerRecords } from '../received/partner-records';
import { ReceivedSessions } from '../received/received-sessions';

type Path = OwnerPath & { id: string };

@Controller('ocpi/emsp/:version/sessions/:country/:party/:id')
export class SessionsReceiver {
  constructor(
    private readonly sessions: ReceivedSessions,
    private readonly records: PartnerRecords,
    private readonly bearers: Bearers,
    private readonly places: PartnerPlaces,
  ) {}

  @Get()
  async get(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: Path): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const session = await this.records.session(owner, path.id);
    if (!session) throw OcpiProblem.missing(`there is no session ${path.id}`);
    const location = await this.places.location(owner, session.location_id);
    const shown = { ...session, cdr_token: await this.bearers.revealed(session.cdr_token) };
    return found(version.session.show(shown, location ? { location } : {}));
  }

  @Put()
  async put(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    return stored(await this.sessions.put(caller.partner.partnerId, version, owner, body, path.id));
  }

  @Patch()
  async patch(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const patch = this.hiding(patchBody(body));
    const known = await this.records.session(owner, path.id);
    const change = (before: WireSession) => {
      const after = patched(version.session.show(before) as Record<string, unknown>, patch, ['charging_periods']);
      const read = version.session.read(after, { owner, token: before.cdr_token });
      // What it says beside a session's fields is not kept.
      return read.ok ? { ok: true as const, value: knownFields(canonical.session.schema, read.value) } : read;
    };
    const from = { partnerId: caller.partner.partnerId, version: version.number };
    const told = { kind: 'patch', ...from, sentAt: patch.last_updated, change, ...(known ? { known } : {}) } as const;
    return stored(await this.sessions.take(owner, path.id, told));
  }

  /** A PATCH may name the token too. @throws OcpiProblem 2001 for another contract: OCPI 2.1.1 cannot say which token that is. */
  private hiding(patch: ReturnType<typeof patchBody>): ReturnType<typeof patchBody> {
    if (patch.auth_id !== undefined) throw OcpiProblem.invalid('auth_id cannot be changed: PUT the session');
    if (patch.cdr_token === undefined) return patch;
    const token: CdrToken = bodyOf(readWire(canonical.session.schema.properties.cdr_token, patch.cdr_token));
    return { ...patch, cdr_token: this.bearers.hidden(token) };
  }
}
