// A connected station as its calls see it: who it is, what it speaks, and whether it may say anything but BootNotification.
import { type PartyKey, Problem, type Reply } from '@evenkeel/contracts';
import { foldIdentity } from '@evenkeel/ocpp';

type Admission = Reply<'admitStation'>;
export type Admitted = Extract<Admission, { admitted: true }>;
export type SpokenVersion = Admitted['versions'][number];

export class Station {
  readonly party: PartyKey;
  /** The registered spelling. */
  readonly stationId: string;
  /** One for all spellings. */
  readonly key: string;
  private registered: Admitted['registration'];
  private booted: boolean;

  constructor(
    admitted: Admitted,
    readonly version: SpokenVersion,
    /** Asks the registry once more about this station, with the credentials it came with. */
    private readonly askAgain: () => Promise<Admission>,
  ) {
    this.party = admitted.party;
    this.stationId = admitted.stationId;
    this.key = stationKeyOf(admitted);
    this.registered = admitted.registration;
    this.booted = admitted.booted;
  }

  get registration(): Admitted['registration'] {
    return this.registered;
  }

  /** A reconnect is not a boot: a station that was accepted before goes on where it was (OCPP 2.0.1 B01; 1.6 errata 5.6). */
  get accepted(): boolean {
    return this.booted && this.registered === 'accepted';
  }

  /** The station booted. One that is not accepted may have been in the meantime. */
  async boot(): Promise<Admitted['registration']> {
    if (this.registered !== 'accepted') {
      const admission = await this.askAgain();
      if (!admission.admitted) throw new Problem('forbidden', `station ${this.stationId} is not admitted any more`);
      this.registered = admission.registration;
    }
    this.booted = true;
    return this.registered;
  }
}

export function stationKeyOf({ party, stationId }: { party: PartyKey; stationId: string }): string {
  return `${party}/${foldIdentity(stationId)}`;
}
