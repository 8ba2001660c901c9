// Whether a station is to be asked for its inventory: when it boots for the first time, and when it boots as something else than before.
import type { Change, Known } from '../mirror/known';

/** Where it is among what is known of a station. */
export const INVENTORY = { kind: 'inventory', key: 'boot' } as const;

export interface Inventory {
  readonly status: 'due' | 'asked' | 'given-up';
  /** Of asking, since the boot. */
  readonly attempts: number;
  /** OCPP version that the station spoke. */
  readonly version: string;
  /** What the station said it was. */
  readonly make: string;
  /** Id of the boot's fact. */
  readonly cause: string;
}

export interface BootNews {
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber?: string | undefined;
  readonly firmwareVersion?: string | undefined;
  readonly version: string;
  readonly cause: string;
}

export function inventoryDue(known: Known, { vendor, model, serialNumber, firmwareVersion, version, cause }: BootNews): Change[] {
  const make = JSON.stringify([vendor, model, serialNumber, firmwareVersion, version]);
  const before = known.get(INVENTORY.kind, INVENTORY.key) as Inventory | undefined;
  if (before?.make === make && before.status !== 'given-up') return [];
  const due: Inventory = { status: 'due', attempts: 0, version, make, cause };
  return [{ kind: INVENTORY.kind, put: [[INVENTORY.key, { ...due }]] }];
}
