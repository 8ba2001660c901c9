// What a script wants a station's work to come to. Without a word everything succeeds.

export interface Outcomes {
  /** How a firmware update ends, as the statuses of the version spell it: Installed, DownloadFailed, InvalidSignature, ... */
  firmware?: string;
  /** The version that a successful update leaves; by default the next patch level. */
  firmwareVersion?: string;
  /** How an upload of logs or diagnostics ends: Uploaded, UploadFailure (OCPP 1.6 diagnostics: UploadFailed), PermissionDenied, ... */
  logs?: string;
  /** How publishing firmware ends: Published, DownloadFailed, InvalidChecksum, PublishFailed. */
  publishing?: string;
  unlock?: 'Unlocked' | 'UnlockFailed' | 'NotSupported';
  /** How a battery swap goes. */
  batterySwap?: 'Swapped' | 'NoBatteryAvailable' | 'BatteryOutTimeout';
  /** The station time that each step of such work takes. */
  stepSeconds?: number;
  /** Actions that the station answers with this CALLERROR. */
  errorCodes?: Readonly<Record<string, string>>;
  /** Payloads that the station answers these actions with, whatever it would say by itself. */
  answers?: Readonly<Record<string, object>>;
}

export const DEFAULT_STEP_SECONDS = 5;
