// Firmware in OCPP 2.x: updates, signed or not (L01, L02), and publishing for others on a local network (L03, L04).
import type { Request } from '@evenkeel/ocpp';
import { FirmwareUpdate } from '../feature/firmware';
import { StepwiseWork } from '../feature/stepwise-work';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

/** What is under way, for those who ask with a trigger. */
export interface FirmwareWorks {
  tellUpdate(): void;
  tellPublishing(): void;
}

type Firmware = Request<'2.1', 'UpdateFirmware'>['firmware'];

export function firmwareCommands(host: StationHost) {
  const updates = new Updates(host);
  const publishing = new Publishing(host);
  const works: FirmwareWorks = { tellUpdate: () => updates.tell(), tellPublishing: () => publishing.tell() };
  const commands = {
    UpdateFirmware({ requestId, firmware }) {
      const { signingCertificate, signature } = firmware;
      const isSigned = signature !== undefined;
      if (isSigned && !signingCertificate?.includes('BEGIN CERTIFICATE')) {
        const event = { type: 'InvalidFirmwareSigningCertificate', timestamp: host.timestamp() };
        return { answer: { status: 'InvalidCertificate' }, afterwards: () => host.say('SecurityEventNotification', event) };
      }
      const status = updates.cancel() ? 'AcceptedCanceled' : 'Accepted';
      return { answer: { status }, afterwards: () => updates.begin(requestId, firmware, isSigned) };
    },
    PublishFirmware({ location, checksum, requestId }) {
      return { answer: { status: 'Accepted' }, afterwards: () => publishing.begin(requestId, checksum, location) };
    },
    UnpublishFirmware({ checksum }) {
      return { answer: { status: publishing.end(checksum) } };
    },
  } satisfies Handlers2;
  return { commands, works };
}

class Updates {
  private update: FirmwareUpdate | undefined;
  private requestId: number | undefined;

  constructor(private readonly host: StationHost) {}

  cancel(): boolean {
    return this.update?.cancel() ?? false;
  }

  begin(requestId: number, { retrieveDateTime, installDateTime }: Firmware, isSigned: boolean): void {
    this.requestId = requestId;
    this.update = new FirmwareUpdate(this.host, {
      isSigned,
      tellsSchedule: true,
      retrieveAtMilliseconds: Date.parse(retrieveDateTime),
      ...(installDateTime === undefined ? {} : { installAtMilliseconds: Date.parse(installDateTime) }),
      tell: async (status) => {
        await this.host.say('FirmwareStatusNotification', { status, requestId });
        if (status !== 'InvalidSignature') return;
        await this.host.say('SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: this.host.timestamp() });
      },
    });
    this.host.background(this.update.run(), 'The firmware update');
  }

  /** OCPP 2.0.1 L01.FR.25: what is under way, or Idle without a request. */
  tell(): void {
    const status = this.update?.status ?? 'Idle';
    this.host.say('FirmwareStatusNotification', status === 'Idle' ? { status } : { status, requestId: this.requestId });
  }
}

class Publishing {
  private readonly published = new Set<string>();
  private work: StepwiseWork | undefined;
  private checksum: string | undefined;
  private requestId: number | undefined;

  constructor(private readonly host: StationHost) {}

  begin(requestId: number, checksum: string, location: string): void {
    this.work?.cancel();
    this.published.delete(checksum);
    const work = new StepwiseWork(this.host, (status) => {
      const places = status === 'Published' ? { location: [location] } : {};
      return this.host.say('PublishFirmwareStatusNotification', { status, requestId, ...places });
    });
    this.work = work;
    this.checksum = checksum;
    this.requestId = requestId;
    this.host.background(this.publish(work, checksum), 'Publishing the firmware');
  }

  end(checksum: string): 'DownloadOngoing' | 'NoFirmware' | 'Unpublished' {
    if (this.published.delete(checksum)) return 'Unpublished';
    return this.work?.status !== undefined && this.checksum === checksum ? 'DownloadOngoing' : 'NoFirmware';
  }

  tell(): void {
    const status = this.work?.status ?? 'Idle';
    this.host.say('PublishFirmwareStatusNotification', status === 'Idle' ? { status } : { status, requestId: this.requestId });
  }

  private async publish(work: StepwiseWork, checksum: string): Promise<void> {
    const outcome = this.host.outcomes.publishing ?? 'Published';
    await work.step('Downloading');
    if (outcome !== 'DownloadFailed') {
      await work.step('Downloaded');
      if (outcome !== 'InvalidChecksum') await work.step('ChecksumVerified');
    }
    // Whoever is told that it is published may withdraw it at once.
    if (outcome === 'Published') this.published.add(checksum);
    await work.step(outcome);
    work.end();
  }
}
