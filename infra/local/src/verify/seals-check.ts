// Checks one service's seals: each follows on the one before, is signed for its place by a key that is trusted, and is still there. Seals that
// were taken from the end leave no trace in the store; what was written down of them elsewhere shows that they are missing.
import {
  comparePositions,
  hashOf,
  idOfHash,
  isSigned,
  type Position,
  type Sealed,
  type SealWritten,
  type StoredEvent,
  sealIn,
} from '@evenkeel/event-store';

/** What is known of a seal from outside of the store, for example from the log of the service that wrote it. */
export type WitnessedSeal = Pick<Sealed, 'stream' | 'revision' | 'hash'>;

/** How many seals in a row may have been removed for the next one still to be recognised. */
const LOOK_AHEAD = 100;

export class SealsCheck {
  newest: { revision: number; hash: string; publicKey: string } | undefined;
  /** By the revision of the seal it is about. */
  private readonly faults = new Map<number, string>();
  private readonly positions = new Map<number, Position>();
  /** Everything stored before this seal must be sealed; undefined while no seal could be believed. */
  private sealedThrough: number | undefined;

  constructor(
    readonly stream: string,
    private readonly trustedKeys: readonly string[] | undefined,
    private readonly witnessed: ReadonlyMap<number, string>,
  ) {}

  get findings(): string[] {
    return [...this.faults].map(([revision, fault]) => `${this.stream} revision ${revision}: ${fault}`);
  }

  /** @returns whether what the seal says can be believed. */
  take(stored: StoredEvent): boolean {
    const seal = sealIn(stored);
    const before = this.newest;
    const revision = this.revisionOf(stored, seal);
    const hash = stored.metadata.hash ?? '';
    const expected = before === undefined ? 0 : before.revision + 1;
    this.newest = { revision, hash, publicKey: seal.publicKey };
    this.positions.set(revision, stored.position);
    if (revision > expected) this.faults.set(expected, 'the seal was removed');
    const fault = this.faultOf(stored, seal, { revision, previous: before?.hash, isAfterGap: revision > expected });
    if (fault !== undefined) {
      this.faults.set(revision, `seal ${stored.id} ${fault}`);
      return false;
    }
    this.sealedThrough = seal.writers.reduce((least, writer) => Math.min(least, writer.sealedThrough), Number.POSITIVE_INFINITY);
    return true;
  }

  /** Tells of seals that were written down elsewhere and are not there. */
  end(): void {
    const next = this.newest === undefined ? 0 : this.newest.revision + 1;
    const missing = [...this.witnessed.keys()].filter((revision) => revision >= next);
    if (missing.length > 0) this.faults.set(next, `the seals up to revision ${Math.max(...missing)} were written down and are not there`);
  }

  /** Whether an unsealed event at this position may still be waiting for its seal. */
  mayWait(position: Position): boolean {
    if (this.sealedThrough === undefined) return false;
    const bound = this.positions.get(this.sealedThrough);
    return this.sealedThrough === -1 || (bound !== undefined && comparePositions(position, bound) > 0);
  }

  /** The revision that the seal was written at: a store that was put together anew numbers the seals that are left without a gap. */
  private revisionOf(stored: StoredEvent, seal: SealWritten['data']): number {
    const before = this.newest;
    const stands = Math.max(stored.revision, before === undefined ? 0 : before.revision + 1);
    for (let revision = stands; revision < stands + LOOK_AHEAD; revision++) {
      const place = { stream: this.stream, revision, previous: before?.hash };
      if (!isSigned(place, seal)) continue;
      // The seal before it was the first behind the gap, and could not be recognised by itself.
      if (before && revision > stands) this.faults.set(before.revision, 'the seal was removed');
      return revision;
    }
    return stands;
  }

  private faultOf(
    stored: StoredEvent,
    seal: SealWritten['data'],
    { revision, previous, isAfterGap }: { revision: number; previous: string | undefined; isAfterGap: boolean },
  ): string | undefined {
    const hash = stored.metadata.hash ?? '';
    if (this.trustedKeys && !this.trustedKeys.includes(seal.publicKey)) {
      return `is signed with ${seal.publicKey}, which is not a key of this service`;
    }
    const witness = this.witnessed.get(revision);
    if (witness !== undefined && witness !== hash) return `is another one than the one that was written down with the hash ${witness}`;
    // Behind a gap a seal cannot be judged by its place; the one after it can again.
    if (isAfterGap) return undefined;
    const fits = isSigned({ stream: this.stream, revision, previous }, seal) && hashOf(stored, previous, revision) === hash;
    return fits && stored.id === idOfHash(hash) ? undefined : 'was changed, forged or moved, or the one before it was removed';
  }
}
