// A connected station as its calls see it: who it is, what it speaks, and whether it may say anything but BootNotification.
import { type PartyKey, Problem, type Reply, stationKey } from '@evenkeel/contracts';

type Admission = Reply<'admitStation'>;
export type Admitted = Extract<Admission, { admitted: true }>;
export type SpokenVersion = Admitted['versions'][number];

/** The registry as one station needs it. */
export interface Registrar {
  /** Asks once more about this station, with the credentials it came with. */
  ask(): Promise<Admission>;
  booted(station: Station): void;
}

/** A station that sends before it has booted may do so in a loop. */
const ASK_AGAIN_MS = 5_000;

export class Station {
  readonly party: PartyKey;
  /** The registered spelling. */
  readonly stationId: string;
  /** One for all spellings. */
  readonly key: string;
  /** As the registry knows it. */
  readonly make: Admitted['make'];
  /** The station's own certificate names this serial number (security profile 3). */
  readonly certificateSerial: string | undefined;
  /** Whether each deviation from the schemas is refused, as certification runs expect. */
  readonly isHeldToSchemas: boolean;
  private readonly maySignOnly: boolean;
  private registered: Admitted['registration'];
  private hasBooted: boolean;
  private askedAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    admitted: Admitted,
    readonly version: SpokenVersion,
    private readonly registrar: Registrar,
  ) {
    this.party = admitted.party;
    this.stationId = admitted.stationId;
    this.key = stationKeyOf(admitted);
    this.make = admitted.make;
    this.certificateSerial = admitted.certificateSerial;
    this.isHeldToSchemas = admitted.strictInbound === true;
    this.maySignOnly = admitted.pendingReason === 'certificate-expired';
    this.registered = admitted.registration;
    this.hasBooted = admitted.booted;
  }

  get registration(): Admitted['registration'] {
    return this.registered;
  }

  get everBooted(): boolean {
    return this.hasBooted;
  }

  /** A reconnect is not a boot: a station that was accepted before goes on where it was (OCPP 2.0.1 B01; 1.6 errata 5.6). */
  get accepted(): boolean {
    return this.hasBooted && this.registered === 'accepted';
  }

  /** A station whose certificate has expired is let in to renew it, and for nothing else (OCPP 2.0.1 A00.FR.429). */
  mayBeforeAcceptance(action: string): boolean {
    return this.maySignOnly && action === 'SignCertificate';
  }

  /** What to answer to a boot. A station that is not accepted is asked about, because it may have been in the meantime. */
  async registrationAtBoot(): Promise<Admitted['registration']> {
    if (this.registered !== 'accepted') {
      const admission = await this.registrar.ask();
      if (!admission.admitted) throw new Problem('forbidden', `station ${this.stationId} is not admitted any more`);
      this.registered = admission.registration;
    }
    return this.registered;
  }

  /**
   * Whether it is accepted after all: a registry that was behind when the station connected did not know of its boot, and would lock it out for
   * as long as it stays connected.
   */
  async acceptedByNow(nowMs: number): Promise<boolean> {
    if (this.hasBooted || this.registered !== 'accepted' || nowMs - this.askedAgainAtMs < ASK_AGAIN_MS) return this.accepted;
    this.askedAgainAtMs = nowMs;
    try {
      const admission = await this.registrar.ask();
      if (admission.admitted && admission.booted) this.hasBooted = true;
    } catch (error) {
      // A registry that is silent knows nothing new.
      if (!(error instanceof Problem)) throw error;
    }
    return this.accepted;
  }

  /** Its boot is durable. */
  booted(): void {
    this.hasBooted = true;
    if (this.accepted) this.registrar.booted(this);
  }
}

export function stationKeyOf({ party, stationId }: { party: PartyKey; stationId: string }): string {
  return stationKey(party, stationId);
}
