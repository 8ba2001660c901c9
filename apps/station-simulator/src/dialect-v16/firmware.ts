// Firmware, diagnostics and logs in OCPP 1.6: the FirmwareManagement profile and their secure variants (security whitepaper L01, N01).
import type { Request } from '@evenkeel/ocpp';
import { FirmwareUpdate } from '../feature/firmware';
import { Upload } from '../feature/uploads';
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';

/** What is under way, for those who ask with a trigger. */
export interface Works16 {
  tellFirmware(): void;
  tellSignedFirmware(): void;
  tellDiagnostics(): void;
  tellLog(): void;
}

type Told<A extends 'FirmwareStatusNotification' | 'SignedFirmwareStatusNotification' | 'DiagnosticsStatusNotification'> = Request<
  '1.6',
  A
>;

export function firmwareCommands(host: StationHost) {
  const plain = new PlainWorks(host);
  const secure = new SecureWorks(host);
  const works: Works16 = {
    tellFirmware: () => plain.tellFirmware(),
    tellSignedFirmware: () => secure.tellFirmware(),
    tellDiagnostics: () => plain.tellDiagnostics(),
    tellLog: () => secure.tellLog(),
  };
  const commands = {
    UpdateFirmware({ retrieveDate }) {
      return { answer: {}, afterwards: () => plain.update(Date.parse(retrieveDate)) };
    },
    GetDiagnostics() {
      return { answer: { fileName: `${host.identity}-diagnostics.log` }, afterwards: () => plain.upload() };
    },
    SignedUpdateFirmware({ requestId, firmware }) {
      if (!firmware.signingCertificate.includes('BEGIN CERTIFICATE')) {
        const type = 'InvalidFirmwareSigningCertificate';
        const afterwards = () => host.say('SecurityEventNotification', { type, timestamp: host.timestamp() });
        return { answer: { status: 'InvalidCertificate' }, afterwards };
      }
      const status = secure.cancelFirmware() ? 'AcceptedCanceled' : 'Accepted';
      return { answer: { status }, afterwards: () => secure.update(requestId, firmware) };
    },
    GetLog({ requestId, logType }) {
      const status = secure.cancelLog() ? 'AcceptedCanceled' : 'Accepted';
      return { answer: { status, filename: `${host.identity}-${logType}-${requestId}.log` }, afterwards: () => secure.upload(requestId) };
    },
  } satisfies Handlers16;
  return { commands, works };
}

class PlainWorks {
  private firmware: FirmwareUpdate | undefined;
  private diagnostics: Upload | undefined;

  constructor(private readonly host: StationHost) {}

  update(retrieveAtMilliseconds: number): void {
    this.firmware?.cancel();
    const order = { isSigned: false, tellsSchedule: false, retrieveAtMilliseconds, tell: (status: string) => this.sayFirmware(status) };
    this.firmware = new FirmwareUpdate(this.host, order);
    this.host.background(this.firmware.run(), 'The firmware update');
  }

  upload(): void {
    this.diagnostics?.cancel();
    this.diagnostics = new Upload(this.host, (status) => this.sayDiagnostics(status));
    this.host.background(this.diagnostics.run(), 'The upload of diagnostics');
  }

  tellFirmware(): void {
    void this.sayFirmware(this.firmware?.status ?? 'Idle');
  }

  tellDiagnostics(): void {
    void this.sayDiagnostics(this.diagnostics?.status ?? 'Idle');
  }

  private sayFirmware(status: string): Promise<void> {
    return this.host.say('FirmwareStatusNotification', { status: status as Told<'FirmwareStatusNotification'>['status'] });
  }

  private sayDiagnostics(status: string): Promise<void> {
    return this.host.say('DiagnosticsStatusNotification', { status: status as Told<'DiagnosticsStatusNotification'>['status'] });
  }
}

class SecureWorks {
  private firmware: FirmwareUpdate | undefined;
  private firmwareRequest: number | undefined;
  private log: Upload | undefined;
  private logRequest: number | undefined;

  constructor(private readonly host: StationHost) {}

  cancelFirmware(): boolean {
    return this.firmware?.cancel() ?? false;
  }

  update(requestId: number, firmware: Request<'1.6', 'SignedUpdateFirmware'>['firmware']): void {
    const { retrieveDateTime, installDateTime } = firmware;
    this.firmwareRequest = requestId;
    this.firmware = new FirmwareUpdate(this.host, {
      isSigned: true,
      tellsSchedule: true,
      retrieveAtMilliseconds: Date.parse(retrieveDateTime),
      ...(installDateTime === undefined ? {} : { installAtMilliseconds: Date.parse(installDateTime) }),
      tell: async (status) => {
        await this.host.say('SignedFirmwareStatusNotification', { status, requestId });
        if (status === 'InvalidSignature') await this.tellInvalidSignature();
      },
    });
    this.host.background(this.firmware.run(), 'The signed firmware update');
  }

  tellFirmware(): void {
    const status = this.firmware?.status ?? 'Idle';
    this.host.say('SignedFirmwareStatusNotification', status === 'Idle' ? { status } : { status, requestId: this.firmwareRequest });
  }

  cancelLog(): boolean {
    return this.log?.cancel() ?? false;
  }

  upload(requestId: number): void {
    this.logRequest = requestId;
    this.log = new Upload(this.host, (status) => this.host.say('LogStatusNotification', { status, requestId }));
    this.host.background(this.log.run(), 'The upload of logs');
  }

  tellLog(): void {
    const status = this.log?.status ?? 'Idle';
    this.host.say('LogStatusNotification', status === 'Idle' ? { status } : { status, requestId: this.logRequest });
  }

  private tellInvalidSignature(): Promise<void> {
    return this.host.say('SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: this.host.timestamp() });
  }
}
