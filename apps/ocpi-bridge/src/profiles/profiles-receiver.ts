// Charging profiles that eMSPs want at a CPO's chargers (OCPI 2.2.1 mod_charging_profiles, Receiver).
import { randomUUID } from 'node:crypto';
import { canonical, OcpiProblem, type OcpiVersion, type ProfileObjects, statusCodes, understood } from '@evenkeel/ocpi';
import { LOG, type Log } from '@evenkeel/service';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Put, Query } from '@nestjs/common';
import { foundIn, type OcpiAnswer } from '../http/answer';
import { bodyOf, onlyParty } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { Described, responseUrl } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { ProfileDesk, type ProfileRequest } from './profile-desk';

type Parameters = Readonly<Record<string, unknown>>;
type RequestId = string | undefined;

@Controller('ocpi/cpo/:version/chargingprofiles/:session')
export class ProfilesReceiver {
  constructor(
    private readonly desk: ProfileDesk,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Described({
    summary: 'Read the profile that holds for a session; it is posted to response_url',
    answers: 'profiles.response',
    query: { duration: { type: 'integer', description: 'Seconds; required' }, response_url: responseUrl },
  })
  @Get()
  read(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('session') sessionId: string,
    @Headers('x-request-id') requestId: RequestId,
    @Query() parameters: Parameters,
  ): Promise<OcpiAnswer> {
    const wanted = { command: 'READ_PROFILE', durationSeconds: durationIn(parameters) } as const;
    return this.take(version, { caller, sessionId, wanted, responseUrl: addressIn(parameters), requestId });
  }

  @Described({ summary: 'Set the charging profile of a session', takes: ['profiles.set'], answers: 'profiles.response' })
  @Put()
  set(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('session') sessionId: string,
    @Headers('x-request-id') requestId: RequestId,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const read = profilesIn(version).set.read(body, { owner: onlyParty(caller) });
    const { response_url: responseUrl } = bodyOf(read);
    const limits = bodyOf(bodyOf(understood(read, ({ charging_profile: profile }) => canonical.profile.read(profile))));
    return this.take(version, { caller, sessionId, wanted: { command: 'SET_PROFILE', limits }, responseUrl, requestId });
  }

  @Described({ summary: 'Clear the charging profile of a session', answers: 'profiles.response', query: { response_url: responseUrl } })
  @Delete()
  clear(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('session') sessionId: string,
    @Headers('x-request-id') requestId: RequestId,
    @Query() parameters: Parameters,
  ): Promise<OcpiAnswer> {
    return this.take(version, { caller, sessionId, wanted: { command: 'CLEAR_PROFILE' }, responseUrl: addressIn(parameters), requestId });
  }

  private async take(version: OcpiVersion, request: Omit<ProfileRequest, 'requestId'> & { requestId: RequestId }): Promise<OcpiAnswer> {
    const objects = profilesIn(version);
    const response = await this.desk.take({ ...request, requestId: request.requestId ?? randomUUID() });
    const { command } = request.wanted;
    this.log.info({ partner: request.caller.partner.name, command, result: response.result }, 'a partner wants another charging profile');
    return foundIn(objects.response.write(response));
  }
}

/** @throws OcpiProblem 404 in OCPI 2.1.1, which has no such module. */
export function profilesIn({ number, profiles }: OcpiVersion): ProfileObjects {
  if (!profiles) throw OcpiProblem.missing(`OCPI ${number} has no charging profiles`, statusCodes.clientError);
  return profiles;
}

/** @throws OcpiProblem 2001 */
function addressIn({ response_url: address }: Parameters): string {
  if (typeof address !== 'string') throw OcpiProblem.invalid('response_url is required');
  return address;
}

/** @throws OcpiProblem 2001 */
function durationIn({ duration }: Parameters): number {
  const seconds = typeof duration === 'string' && /^\d{1,10}$/.test(duration) ? Number(duration) : 0;
  if (seconds < 1 || seconds > 2 ** 31 - 1) throw OcpiProblem.invalid('duration is a number of seconds');
  return seconds;
}
