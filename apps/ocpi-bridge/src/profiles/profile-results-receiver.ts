// What CPOs tell an eMSP of charging profiles (OCPI 2.2.1 mod_charging_profiles, Sender): what became of a request, at an address of its own,
// and what holds for a session when something else has changed it.
import { canonical, OcpiProblem, type OcpiVersion, understood } from '@evenkeel/ocpi';
import { Body, Controller, Param, Post, Put } from '@nestjs/common';
import { CommandSender } from '../commands/command-sender';
import { type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, onlyParty } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { PartnerRecords } from '../received/partner-records';
import { ActiveProfiles } from './active-profiles';
import { profilesIn } from './profiles-receiver';

@Controller('ocpi/emsp/:version/chargingprofiles')
export class ProfileResultsReceiver {
  constructor(
    private readonly sender: CommandSender,
    private readonly profiles: ActiveProfiles,
    private readonly records: PartnerRecords,
  ) {}

  @Described({
    summary: 'What became of a request of ours; each has an address of its own',
    params: { command: { type: 'string', enum: ['SET_PROFILE', 'CLEAR_PROFILE', 'READ_PROFILE'] } },
    takes: ['profiles.setResult', 'profiles.clearResult', 'profiles.activeResult'],
  })
  @Post(':command/:uid')
  async take(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() { command, uid }: { command: string; uid: string },
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const { setResult, clearResult, activeResult } = profilesIn(version);
    const around = { owner: onlyParty(caller) };
    const { partnerId } = caller.partner;
    switch (command) {
      case 'SET_PROFILE':
        await this.sender.conclude(partnerId, uid, command, bodyOf(setResult.read(body, around)));
        return stored(false);
      case 'CLEAR_PROFILE':
        await this.sender.conclude(partnerId, uid, command, bodyOf(clearResult.read(body, around)));
        return stored(false);
      case 'READ_PROFILE': {
        const { result, profile } = bodyOf(activeResult.read(body, around));
        const active = profile && bodyOf(bodyOf(understood({ ok: true, value: profile }, canonical.activeProfile.read)));
        const about = await this.sender.conclude(partnerId, uid, command, { result, ...(active ? { active } : {}) });
        if (active && about.sessionId !== undefined) await this.profiles.keep(about.partner, about.sessionId, active);
        return stored(false);
      }
      default:
        throw OcpiProblem.missing(`nothing of the kind ${command} was asked for`);
    }
  }

  @Described({ summary: 'What holds for a session, after something else has changed it', takes: ['profiles.active'] })
  @Put(':session')
  async update(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('session') sessionId: string,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const read = profilesIn(version).active.read(body, { owner: onlyParty(caller) });
    const active = bodyOf(bodyOf(understood(read, canonical.activeProfile.read)));
    for (const { party, role } of caller.partner.registration?.roles ?? []) {
      if (role !== 'CPO' || !(await this.records.session(party, sessionId))) continue;
      await this.profiles.keep(party, sessionId, active);
      return stored(false);
    }
    throw OcpiProblem.missing(`there is no session ${sessionId}`);
  }
}
