// What a seal says and how it is signed: a process vouches for the events that it has written since its last seal. Seals stand in a chained
// stream of their own, and the signature covers the place in that chain, so that no seal can be taken out, moved or made up.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { DomainEvent } from './codec';
import type { StoredEvent } from './event-store';

/** Consecutive events of one stream. */
export interface SealedRun {
  stream: string;
  /** Revision of the last event of the run. */
  revision: number;
  /** Hash of the last event of the run. */
  hash: string;
  /** `markOf` the hashes of the events before it, oldest first, without a separator. */
  earlier: string;
}

/** A process that writes chained events and has not said goodbye. */
export interface Writer {
  writer: string;
  /** Revision of a seal: whatever it stored before that one is sealed. -1 where it began before the first. */
  sealedThrough: number;
  /** When it last sealed. RFC 3339 UTC. */
  at: string;
}

export interface SealBody {
  writer: string;
  /** Who was at work, this one included: what one of them leaves behind in a crash is sealed by another. */
  writers: Writer[];
  streamPrefixes: readonly string[];
  /** Events in the runs. */
  events: number;
  runs: SealedRun[];
  sealedAt: string;
  /** Ed25519, 32 bytes in hexadecimal digits. */
  publicKey: string;
}

export interface SealWritten extends DomainEvent {
  type: 'SealWritten';
  data: SealBody & { signature: string };
}

export const sealStreamPrefix = 'seal-';

/** Enough of a hash to tell the event in a run that was replaced; the run's last hash, which is whole, depends on all of them. */
export function markOf(hash: string): string {
  return hash.slice(0, MARK_DIGITS);
}

export function marksOf({ earlier, hash }: Pick<SealedRun, 'earlier' | 'hash'>): string[] {
  return [...(earlier.match(EACH_MARK) ?? []), markOf(hash)];
}

const MARK_DIGITS = 12;
const EACH_MARK = new RegExp(`.{${MARK_DIGITS}}`, 'g');

/** Where a seal stands: part of what is signed. */
export interface SealPlace {
  stream: string;
  revision: number;
  /** Hash of the seal before; undefined for the first. */
  previous: string | undefined;
}

export class SealKey {
  private readonly privateKey: KeyObject;
  /** 32 bytes in hexadecimal digits, to be published. */
  readonly publicKey: string;

  /** @param seed the private key of RFC 8032: 32 random bytes in hexadecimal digits. */
  constructor(seed: string) {
    this.privateKey = createPrivateKey({ key: Buffer.from(`${PKCS8_OF_ED25519}${seed}`, 'hex'), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.privateKey).export({ format: 'der', type: 'spki' });
    this.publicKey = spki.toString('hex').slice(SPKI_OF_ED25519.length);
  }

  signed(place: SealPlace, body: Omit<SealBody, 'publicKey'>): SealWritten {
    const complete = { ...body, publicKey: this.publicKey };
    return {
      type: 'SealWritten',
      data: { ...complete, signature: sign(null, signedText(place, complete), this.privateKey).toString('hex') },
    };
  }
}

/** Whether the seal was signed, for this place, by the key that it names. */
export function isSigned(place: SealPlace, { signature, ...body }: SealWritten['data']): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(`${SPKI_OF_ED25519}${body.publicKey}`, 'hex'), format: 'der', type: 'spki' });
    return verify(null, signedText(place, body), key, Buffer.from(signature, 'hex'));
  } catch {
    // Not a key, or not a signature: whatever stands there was not signed.
    return false;
  }
}

export function sealIn(stored: StoredEvent): SealWritten['data'] {
  return stored.data as SealWritten['data'];
}

// The DER of these keys is a constant before 32 bytes (RFC 8410).
const PKCS8_OF_ED25519 = '302e020100300506032b657004220420';
const SPKI_OF_ED25519 = '302a300506032b6570032100';

function signedText({ stream, revision, previous }: SealPlace, body: SealBody): Buffer {
  return Buffer.from(`${JSON.stringify([stream, revision, previous ?? ''])}\n${JSON.stringify(body)}`);
}
