// What a driver wants of a session at a CPO's charger (OCPI 2.2.1 mod_sessions, Sender PUT).
import { randomUUID } from 'node:crypto';
import { type DriverPreferences, Problem } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { canonical, OcpiProblem, type OcpiVersion, statusCodes, understood } from '@evenkeel/ocpi';
import { Body, Controller, Param, Put } from '@nestjs/common';
import { foundIn, type OcpiAnswer } from '../http/answer';
import { bodyOf, onlyParty, speaksFor } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { isRegistered } from '../partner/partner-view';
import { PayersSessions } from './payers-sessions';
import { profilesIn } from './profiles-receiver';

@Controller('ocpi/cpo/:version/sessions/:session/charging_preferences')
export class PreferencesReceiver {
  constructor(
    private readonly sessions: PayersSessions,
    private readonly requester: Requester<'ocpi-bridge'>,
  ) {}

  @Put()
  async set(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('session') sessionId: string,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const objects = profilesIn(version);
    if (!isRegistered(caller.partner)) throw OcpiProblem.unauthorized();
    const read = objects.preferences.read(body, { owner: onlyParty(caller) });
    const preferences = bodyOf(understood(read, canonical.preferences.read));
    const running = await this.sessions.running(sessionId, speaksFor(caller, 'EMSP'));
    if (!running) throw OcpiProblem.missing(`there is no session ${sessionId}`);
    if (!running.capabilities.includes('CHARGING_PREFERENCES_CAPABLE')) throw notCapable();
    return foundIn(objects.preferencesResponse.write(await this.answerTo(preferences, running.place)));
  }

  private async answerTo(
    preferences: DriverPreferences | undefined,
    { stationId, transactionId }: { stationId: string; transactionId: string },
  ): Promise<string> {
    if (preferences === undefined) return 'PROFILE_TYPE_NOT_SUPPORTED';
    const asked = { stationId, transactionId, preferences, cause: randomUUID() };
    try {
      return (await this.requester.ask('preferCharging', asked)).answer;
    } catch (error) {
      // Since its location was read, the site has stopped to share, or the charger has reported the end of the transaction.
      if (error instanceof Problem && error.code === 'not-supported') throw notCapable();
      if (error instanceof Problem && error.code === 'conflict') return 'NOT_POSSIBLE';
      throw error;
    }
  }
}

/** OCPI mod_sessions, ChargingPreferencesResponse: HTTP 404 with 2001. */
function notCapable(): OcpiProblem {
  return OcpiProblem.missing('preferences change nothing at this EVSE', statusCodes.invalidParameters);
}
