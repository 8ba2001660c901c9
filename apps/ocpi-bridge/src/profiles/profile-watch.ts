// Hears that something else has changed how fast the session of a partner may charge, and has the partner told what holds now. Only who has
// set a profile for the session hears it (OCPI 2.3.0 mod_charging_profiles, Sender PUT).
// Next: apps/ocpi-bridge/src/commands/command-worker.ts
import type { Message } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { CommandView } from '../commands/command-view';
import { partnerCommand, partnerCommandCodec, partnerCommandStream, partnerCommandStreamPrefix } from '../commands/partner-command';
import { partnerEndpoint } from '../interfaces';
import type { PartnerView } from '../partner/partner-view';
import type { PayersSessions } from './payers-sessions';

/** "Between 5 and 60 minutes" (OCPI mod_charging_profiles, Sender PUT). */
const TOLD_SECONDS = 1_800;

export class ProfileWatch {
  private readonly commands;

  constructor(
    store: EventStore,
    private readonly view: Pick<CommandView, 'profilesAt'>,
    private readonly partners: Pick<PartnerView, 'partnerOf'>,
    private readonly sessions: Pick<PayersSessions, 'running'>,
  ) {
    this.commands = new StreamHandler({ store, decider: partnerCommand, codec: partnerCommandCodec, cachedStates: 0 });
  }

  async changed({ stationId, cause, changedAt: at }: Message<'chargingProfilesChanged'>, messageId: string): Promise<void> {
    for (const { session_id: sessionId, issuer } of await this.view.profilesAt(stationId)) {
      if (await this.isOwn(cause, sessionId)) continue;
      const partner = await this.partners.partnerOf(issuer, 'EMSP');
      const endpoint = partner && partnerEndpoint(partner.registration.endpoints, 'CPO', 'chargingprofiles');
      const running = partner && (await this.sessions.running(sessionId, [issuer]));
      if (!partner || endpoint === undefined || !running) continue;
      const order = { command: 'TELL_PROFILE' as const, durationSeconds: TOLD_SECONDS, ...running.place };
      const stream = partnerCommandStream(partner.partnerId, messageId, sessionId);
      await this.commands.handle(
        stream,
        { kind: 'accept', issuer, order, responseUrl: `${endpoint}/${sessionId}`, at },
        { cause: messageId },
      );
    }
  }

  /** What a partner has asked for itself is told to it as the result of that. */
  private async isOwn(cause: string, sessionId: string): Promise<boolean> {
    const { given } = (await this.commands.load(`${partnerCommandStreamPrefix}${cause}`)).state;
    return given !== undefined && 'sessionId' in given.order && given.order.sessionId === sessionId;
  }
}
