// Remembers answers, so that a station that did not get one and repeats its message, with the same id and the same content, gets the very
// same answer: on this connection, on another, in another process, after a restart (OCPP 2.0.1 errata 2024-09, OCPP-J 1.6 errata 2025-04).
//
// Only answers are remembered that say something, to messages whose content names one occurrence (by its time and number). Anything else is
// safe to process again, and dangerous to answer from memory: stations that count their ids from 1 after each boot send the same
// BootNotification with the same id, and mean another boot; the same Authorize, and the card may be blocked by now; the same Heartbeat.
//
// Answers are written behind, many at a time: what a crash loses is answered anew, which no fact depends on. A station repeats the one
// message that it waits for, so its last few answers are enough, and they are read once, when it sends the first such message.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { IdentityHash } from '@evenkeel/contracts';
import type { RecentAnswers, StoredAnswers } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';

/** A StartTransaction gets its answer again with its number, which is kept for ever. */
const REMEMBERED: ReadonlySet<string> = new Set(['StopTransaction', 'TransactionEvent']);
const ANSWERS_A_STATION = 16;
const WRITE_BEHIND_MS = 50;
const WRITE_ATTEMPTS = 3;
/** All stations together; the ones not heard for longest are forgotten, and read again when they are. */
const MOST_BYTES = 16 * 1024 * 1024;
const BYTES_A_STATION = 250;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The keyed hash of the message, and the answer sealed with a key that derives from it: an answer may name another card. */
type SealedAnswer = readonly [mark: string, sealed: string];

interface Remembered {
  answers: readonly SealedAnswer[];
  /** Undefined where the store was silent: it is read before it is written. */
  revision: number | undefined;
}

export class AnswerMemory {
  /** In the order of their last use. */
  private readonly stations = new Map<string, Remembered>();
  private readonly unwritten = new Set<string>();
  private readonly writing = new Map<string, Promise<void>>();
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Pick<RecentAnswers, 'read' | 'write'>,
    private readonly identity: IdentityHash,
    private readonly log: Log,
  ) {}

  remembers(action: string): boolean {
    return REMEMBERED.has(action);
  }

  /** @returns the answer that was given to exactly this frame. Never fails: without the store it is a new one. */
  async find(stationKey: string, frame: string): Promise<string | undefined> {
    const { answers } = this.stations.get(stationKey) ?? (await this.read(stationKey));
    if (answers.length === 0) return undefined;
    const mark = this.identity.of('answered frame', frame);
    const found = answers.find((answer) => answer[0] === mark);
    return found && open(found[1], this.keyOf(frame));
  }

  keep(stationKey: string, frame: string, answer: string): void {
    const known = this.stations.get(stationKey) ?? { answers: [], revision: undefined };
    const added: SealedAnswer = [this.identity.of('answered frame', frame), seal(answer, this.keyOf(frame))];
    this.drop(stationKey);
    known.answers = [...known.answers, added].slice(-ANSWERS_A_STATION);
    this.unwritten.add(stationKey);
    this.put(stationKey, known);
    this.timer ??= setTimeout(() => void this.flush(), WRITE_BEHIND_MS);
  }

  /** The station has a new connection: until now another process may have answered it. */
  reconnected(stationKey: string): void {
    this.write(stationKey);
    this.drop(stationKey);
  }

  /** Resolves when everything is written that can be. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const stationKey of this.unwritten) this.write(stationKey);
    await Promise.all(this.writing.values());
  }

  private async read(stationKey: string): Promise<Remembered> {
    await this.writing.get(stationKey);
    try {
      const stored: Remembered = { ...(await this.store.read<SealedAnswer>(stationKey)) };
      this.put(stationKey, stored);
      return stored;
    } catch (error) {
      this.log.warn({ error, stationKey }, 'the answers of a station cannot be read; a repetition is processed again');
      return { answers: [], revision: undefined };
    }
  }

  /** One write a station at a time. */
  private write(stationKey: string): void {
    const known = this.stations.get(stationKey);
    if (!known || !this.unwritten.delete(stationKey)) return;
    const before = this.writing.get(stationKey) ?? Promise.resolve();
    const written = before
      .then(() => this.writeThrough(stationKey, known))
      .then((revision) => {
        known.revision = revision;
      })
      .catch((error: unknown) => this.log.warn({ error, stationKey }, 'answers could not be kept; a repetition is processed again'))
      .finally(() => {
        if (this.writing.get(stationKey) === written) this.writing.delete(stationKey);
      });
    this.writing.set(stationKey, written);
  }

  private async writeThrough(stationKey: string, { answers, revision }: Remembered): Promise<number | undefined> {
    let next: StoredAnswers<SealedAnswer> = revision === undefined ? await this.merged(stationKey, answers) : { answers, revision };
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt += 1) {
      const written = await this.store.write(stationKey, next);
      if (written !== undefined) return written;
      next = await this.merged(stationKey, answers);
    }
    return undefined;
  }

  private async merged(stationKey: string, ours: readonly SealedAnswer[]): Promise<StoredAnswers<SealedAnswer>> {
    const { answers, revision } = await this.store.read<SealedAnswer>(stationKey);
    const marks = new Set(ours.map(([mark]) => mark));
    return { answers: [...answers.filter(([mark]) => !marks.has(mark)), ...ours].slice(-ANSWERS_A_STATION), revision };
  }

  private put(stationKey: string, known: Remembered): void {
    this.drop(stationKey);
    this.stations.set(stationKey, known);
    this.bytes += sizeOf(known);
    for (const oldest of this.stations.keys()) {
      if (this.bytes <= MOST_BYTES) return;
      if (!this.unwritten.has(oldest)) this.drop(oldest);
    }
  }

  private drop(stationKey: string): void {
    const known = this.stations.get(stationKey);
    if (!known) return;
    this.stations.delete(stationKey);
    this.bytes -= sizeOf(known);
  }

  /** 32 characters are 32 bytes. */
  private keyOf(frame: string): Buffer {
    return Buffer.from(this.identity.of('answer to a frame', frame), 'latin1');
  }
}

function sizeOf({ answers }: Remembered): number {
  return answers.reduce((sum, [mark, sealed]) => sum + mark.length + sealed.length, BYTES_A_STATION);
}

function seal(text: string, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(sealed: string, key: Buffer): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
