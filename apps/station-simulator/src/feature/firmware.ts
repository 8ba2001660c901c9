// A firmware update, from the order to the boot with the new version. Which statuses a version knows is said by the order.
// OCPP 1.6 section 6.19 and security whitepaper L01, OCPP 2.0.1 L01 and L02.
import type { StationHost } from '../station/host';
import { StepwiseWork } from './stepwise-work';

export interface FirmwareOrder {
  readonly isSigned: boolean;
  /** The version has statuses for what waits (DownloadScheduled, InstallScheduled) and for rebooting. */
  readonly tellsSchedule: boolean;
  readonly retrieveAtMilliseconds: number;
  readonly installAtMilliseconds?: number;
  readonly tell: (status: string) => Promise<void>;
}

type UpdatingHost = Pick<StationHost, 'later' | 'outcomes' | 'now' | 'busy' | 'reboot' | 'setFirmwareVersion' | 'firmwareVersion'>;

const SECONDS_BETWEEN_LOOKS = 10;

export class FirmwareUpdate {
  private readonly work: StepwiseWork;

  constructor(
    private readonly host: UpdatingHost,
    private readonly order: FirmwareOrder,
  ) {
    this.work = new StepwiseWork(host, order.tell);
  }

  get status(): string {
    return this.work.status ?? 'Idle';
  }

  cancel(): boolean {
    return this.work.cancel();
  }

  async run(): Promise<void> {
    const { outcomes } = this.host;
    const outcome = outcomes.firmware ?? 'Installed';
    await this.waitUntil(this.order.retrieveAtMilliseconds, 'DownloadScheduled');
    if (await this.fails('Downloading', outcome, ['DownloadFailed'])) return;
    await this.work.step('Downloaded');
    if (this.order.isSigned) {
      if (outcome === 'InvalidSignature') return this.fail(outcome);
      await this.work.step('SignatureVerified');
    }
    await this.waitUntil(this.order.installAtMilliseconds, 'InstallScheduled');
    await this.waitUntilIdle();
    if (await this.fails('Installing', outcome, ['InstallationFailed', 'InstallVerificationFailed'])) return;
    if (this.order.tellsSchedule) await this.work.step('InstallRebooting');
    this.host.setFirmwareVersion(outcomes.firmwareVersion ?? nextVersion(this.host.firmwareVersion));
    await this.host.reboot('FirmwareUpdate');
    await this.work.step('Installed');
    this.work.end();
  }

  /** Tells the step, then the failure when this is where the update is to fail. */
  private async fails(step: string, outcome: string, failures: readonly string[]): Promise<boolean> {
    await this.work.step(step);
    if (!failures.includes(outcome)) return false;
    await this.fail(outcome);
    return true;
  }

  private async fail(outcome: string): Promise<void> {
    await this.work.step(outcome);
    this.work.end();
  }

  private async waitUntil(atMilliseconds: number | undefined, status: string): Promise<void> {
    const seconds = ((atMilliseconds ?? 0) - this.host.now()) / 1000;
    if (seconds <= 0) return;
    if (this.order.tellsSchedule) await this.work.step(status);
    await this.work.waitSeconds(seconds);
  }

  /** OCPP 2.0.1 L01.FR.06: running transactions end first. */
  private async waitUntilIdle(): Promise<void> {
    if (this.host.busy && this.order.tellsSchedule) await this.work.step('InstallScheduled');
    while (this.host.busy) await this.work.waitSeconds(SECONDS_BETWEEN_LOOKS);
  }
}

function nextVersion(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
}
