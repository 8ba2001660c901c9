// Takes what the payer of a session wants of its charging profile. What cannot be meant, or is not the payer's, is answered at once; everything
// else is stored before it is answered, and carried out after, as commands are.
// Next: apps/ocpi-bridge/src/profiles/profile-order.ts
import { idOf, type ProfileLimits } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import { type ChargingProfileResponse, COMMAND_TIMEOUT_SECONDS, fingerprintOf, OcpiProblem } from '@evenkeel/ocpi';
import type { UrlGuard } from '../client/url-guard';
import { partnerCommand, partnerCommandCodec, partnerCommandStream } from '../commands/partner-command';
import { checkResponseUrl } from '../commands/response-address';
import { speaksFor } from '../http/ownership';
import type { Caller } from '../partner/partner-view';
import { isRegistered } from '../partner/partner-view';
import { PartnerBuckets } from '../traffic/token-bucket';
import type { PayersSessions } from './payers-sessions';
import type { ProfileOrder } from './profile-order';

/** One request of a partner. */
export interface ProfileRequest {
  readonly caller: Caller;
  readonly sessionId: string;
  readonly wanted: Wanted;
  readonly responseUrl: string;
  /** X-Request-ID: a request that is sent again has the same one. */
  readonly requestId: string;
}

export type Wanted =
  | { command: 'SET_PROFILE'; limits: ProfileLimits }
  | { command: 'CLEAR_PROFILE' }
  | { command: 'READ_PROFILE'; durationSeconds: number };

/** Of one EVSE: every request costs its charger a call, many of which hang on a mobile network (OCPI mod_charging_profiles, TOO_OFTEN). */
const PER_SECOND = 1 / 10;
const AT_ONCE = 10;

export class ProfileDesk {
  private readonly commands;
  private readonly buckets = new PartnerBuckets(PER_SECOND, AT_ONCE);

  constructor(
    store: EventStore,
    private readonly guard: UrlGuard,
    private readonly sessions: Pick<PayersSessions, 'running'>,
  ) {
    this.commands = new StreamHandler({ store, decider: partnerCommand, codec: partnerCommandCodec, cachedStates: 0 });
  }

  /** @throws OcpiProblem for what is wrong with the request itself. */
  async take({ caller, sessionId, wanted, responseUrl, requestId }: ProfileRequest): Promise<ChargingProfileResponse> {
    const { partner } = caller;
    if (!isRegistered(partner)) throw OcpiProblem.unauthorized();
    checkResponseUrl(this.guard, responseUrl, partner.registration);
    const running = await this.sessions.running(sessionId, speaksFor(caller, 'EMSP'));
    if (!running) return responseOf('UNKNOWN_SESSION');
    const { issuer, place, capabilities } = running;
    if (!capabilities.includes('CHARGING_PROFILE_CAPABLE')) return responseOf('NOT_SUPPORTED');
    if (this.buckets.of(`${place.stationId}/${place.evseId}`).take(performance.now()) > 0) return responseOf('TOO_OFTEN');
    const order: ProfileOrder = { ...wanted, ...place };
    const stream = partnerCommandStream(partner.partnerId, requestId, fingerprintOf({ ...wanted, sessionId, responseUrl }));
    const step = { kind: 'accept' as const, issuer, order, responseUrl, at: new Date().toISOString() };
    await this.commands.handle(stream, step, { cause: idOf('accept', stream) });
    return responseOf('ACCEPTED');
  }
}

function responseOf(result: string): ChargingProfileResponse {
  return { result, timeout: COMMAND_TIMEOUT_SECONDS };
}
