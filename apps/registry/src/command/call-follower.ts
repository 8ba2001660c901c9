// What follows from a call that a station has answered: what is known of the station changes, its certificates are noted, and some answers
// ask for another call.
import { fits, InstalledCertificate, type NeutralCall } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { CertificateDesk } from '../certificate/certificate-desk';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { Reactions } from '../reaction/reactions';
import { chargingKnowledgeOf } from '../smart-charging/charging-knowledge';
import { compositeCheck } from '../smart-charging/composite-check';
import type { StationRow } from '../view/registry-tables';

export class CallFollower {
  constructor(
    private readonly mirror: Pick<MirrorDesk, 'knownOf' | 'note'>,
    private readonly certificates: Pick<CertificateDesk, 'noteInstalled'>,
    private readonly reactions: Pick<Reactions, 'answered'>,
  ) {}

  /** @param call without secrets and tokens; @param inClear as it was said, which no store may see. */
  async answered(station: StationRow, call: NeutralCall, inClear: NeutralCall, context: CommandContext): Promise<void> {
    const { stationId } = station.registered;
    const at = new Date();
    await this.mirror.note(stationId, { kind: 'call', ...call, at: at.toISOString() }, context);
    if (call.action === 'GetInstalledCertificateIds') await this.noteCertificates(stationId);
    await this.compare(station, call, at, context);
    await this.reactions.answered(station, inClear, context);
  }

  /** A list may be of one use only: all that is known of the others stands. */
  private async noteCertificates(stationId: string): Promise<void> {
    const known = await this.mirror.knownOf(stationId);
    const installed = known
      .all('certificate')
      .map(([, { certificateType, certificateHashData }]) => ({ certificateType, hashData: certificateHashData }));
    await this.certificates.noteInstalled(
      stationId,
      installed.filter((each) => fits(InstalledCertificate, each)),
    );
  }

  /** A composite schedule is kept with the one that should follow from what is known. */
  private async compare({ registered, ocpp_version }: StationRow, call: NeutralCall, at: Date, context: CommandContext): Promise<void> {
    if (call.action !== 'GetCompositeSchedule') return;
    const { stationId, evses } = registered;
    const knowledge = chargingKnowledgeOf(await this.mirror.knownOf(stationId), evses, ocpp_version ?? '1.6');
    const check = compositeCheck(call, knowledge, at);
    if (check === undefined) return;
    const { evseId, expected, differs } = check;
    const concluded = { of: 'composite-schedule', key: String(evseId), document: { expected, differs } };
    await this.mirror.note(stationId, { kind: 'concluded', ...concluded, at: at.toISOString() }, context);
  }
}
