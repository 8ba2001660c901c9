// Booting and resetting: what a station says when it comes up, what waits for that, and where it comes up.
import { messageOf } from '../failures';
import type { StationConnection } from '../wire/connection';
import type { Line } from '../wire/dial';
import type { StopReason } from './charge-plan';
import type { BootAnswer } from './dialect';
import type { Equipment, EquipmentOptions } from './equipment';
import type { BootReason } from './host';

const NETWORK_ATTEMPTS = 'OCPPCommCtrlr/NetworkProfileConnectionAttempts';
const DEFAULT_NETWORK_ATTEMPTS = 3;

export class PowerCycle {
  firmwareVersion = '1.0.0';
  private whenIdle: { readonly reason: BootReason } | undefined;
  private move: { readonly line: Partial<Line>; readonly arrived: () => void } | undefined;

  constructor(
    private readonly equipment: Equipment,
    private readonly options: EquipmentOptions,
    private readonly connection: StationConnection,
  ) {}

  async bootOnce(reason: BootReason): Promise<BootAnswer> {
    const { dialect, serialNumber } = this.options;
    const { action, payload } = dialect.boot({ serialNumber, firmwareVersion: this.firmwareVersion }, reason);
    return dialect.readBoot(await this.equipment.call(action, payload));
  }

  /** Boots, and boots again after the interval the back end names, until it is accepted; then reports every connector. */
  async bootUntilAccepted(reason: BootReason = 'PowerUp'): Promise<BootAnswer> {
    let answer = await this.bootOnce(reason);
    while (answer.status !== 'Accepted') {
      await this.options.clock.pause(Math.max(answer.intervalSeconds, 1), this.equipment.closing.signal);
      answer = await this.bootOnce(reason);
    }
    this.equipment.reportStatus();
    return answer;
  }

  reset(how: StopReason | 'whenIdle', reason: BootReason): void {
    this.whenIdle = { reason };
    if (!this.equipment.busy) this.sessionEnded();
    else if (how !== 'whenIdle') for (const { session } of this.equipment.connectors.values()) session?.stop(how);
  }

  /** A reset that waited for the last session happens now. */
  sessionEnded(): void {
    if (this.whenIdle !== undefined && !this.equipment.busy) this.equipment.background(this.reboot(this.whenIdle.reason), 'Reset');
  }

  resetAndResume(reason: BootReason): void {
    const sessions = [...this.equipment.connectors.values()].flatMap(({ session }) => session ?? []);
    for (const session of sessions) session.suspend();
    const resumed = this.reboot(reason).then(() => {
      for (const session of sessions) session.resume();
    });
    this.equipment.background(resumed, 'Reset');
  }

  moveAtNextBoot(line: Partial<Line>, arrived: () => void): void {
    this.move = { line, arrived };
  }

  /** Sessions are over or on hold: the line goes down, comes back, and the station boots. */
  async reboot(reason: BootReason): Promise<void> {
    this.whenIdle = undefined;
    this.equipment.made.settings?.applyAtBoot();
    if (this.move === undefined) this.connection.drop();
    else await this.moveTo(this.move.line, this.move.arrived);
    await this.bootUntilAccepted(reason);
  }

  /** OCPP 2.0.1 B10: dials the new place, and the former one again when nobody is there. */
  private async moveTo(line: Partial<Line>, arrived: () => void): Promise<void> {
    const former = this.connection.currentLine;
    const attempts = this.equipment.settings.number(NETWORK_ATTEMPTS, DEFAULT_NETWORK_ATTEMPTS);
    this.move = undefined;
    this.connection.hangUp();
    this.connection.retarget(line);
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        await this.connection.resume();
        return arrived();
      } catch (error) {
        this.options.log(`the new network profile does not connect: ${messageOf(error)}`);
        await this.options.clock.pause(1, this.equipment.closing.signal);
      }
    }
    this.connection.retarget(former);
    await this.connection.resume();
  }
}
