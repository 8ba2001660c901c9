// Looks whether the store still holds what was written to it: recomputes the chain of every session, connector, CDR and security stream, checks the
// seals over them, and names the first event of each place that was changed, removed, inserted or reordered behind the system's back.
//
// The store is read once, in its own order, and may be written meanwhile: what has come since a seal is not sealed yet, and that is no fault.
import { billingSeals } from '@evenkeel/billing';
import { type EventStore, sealIn, sealStreamPrefix } from '@evenkeel/event-store';
import { registrySeals } from '@evenkeel/registry';
import { ledgerSeals } from '@evenkeel/session-ledger';
import { nameBreak } from './verify/name-break';
import { SealsCheck, type WitnessedSeal } from './verify/seals-check';
import { StreamsCheck } from './verify/streams-check';

export type { WitnessedSeal } from './verify/seals-check';

export interface VerifyOptions {
  /** Public keys by the seal's stream; where there are none for a stream, its seals are only checked against the keys that they name. */
  trustedKeys?: Readonly<Record<string, readonly string[]>>;
  /** What was written down of seals outside of the store. */
  witnessed?: readonly WitnessedSeal[];
}

export interface Verified {
  events: number;
  streams: number;
  seals: number;
  /** Events that are too new to have a seal. */
  notSealedYet: number;
  /** The newest seal of each service: worth writing down elsewhere. */
  newestSeals: { stream: string; revision: number; hash: string; publicKey: string }[];
  /** One line for each place that is broken. */
  findings: string[];
}

const sealedStreams = [ledgerSeals, billingSeals, registrySeals];
/** Broken streams that are named one by one; of more than that, the number tells enough. */
const MOST_NAMED = 200;

export async function verify(store: EventStore, { trustedKeys = {}, witnessed = [] }: VerifyOptions = {}): Promise<Verified> {
  const streams = new StreamsCheck();
  const seals = new Map(
    sealedStreams.map(({ name }) => {
      const stream = `${sealStreamPrefix}${name}`;
      const known = witnessed.filter((seal) => seal.stream === stream).map(({ revision, hash }) => [revision, hash] as const);
      return [stream, new SealsCheck(stream, trustedKeys[stream], new Map(known))];
    }),
  );
  let sealCount = 0;
  await store.readAll([...sealedStreams.flatMap(({ streamPrefixes }) => streamPrefixes), sealStreamPrefix], async (events) => {
    for (const event of events) {
      const check = seals.get(event.stream);
      if (!check) streams.take(event);
      else if (check.take(event)) {
        sealCount += 1;
        for (const run of sealIn(event).runs) streams.seal(run);
      }
    }
  });
  for (const check of seals.values()) check.end();
  const { notSealedYet, neverSealed, bare } = judgeUnsealed(streams, seals);
  const findings = [...[...seals.values()].flatMap((check) => check.findings), ...bare];
  findings.push(...(await nameBroken(store, streams, neverSealed)));
  return {
    events: streams.events,
    streams: streams.streams,
    seals: sealCount,
    notSealedYet,
    newestSeals: [...seals.values()].flatMap(({ stream, newest }) => (newest ? [{ stream, ...newest }] : [])),
    findings,
  };
}

/** The oldest event of a stream that should have a seal and has none. */
interface NeverSealed {
  stream: string;
  revision: number;
}

function judgeUnsealed(streams: StreamsCheck, seals: ReadonlyMap<string, SealsCheck>) {
  let notSealedYet = 0;
  const neverSealed: NeverSealed[] = [];
  const leftBare = new Map<SealsCheck, number>();
  for (const { stream, events } of streams.unsealed()) {
    const check = sealsOf(stream, seals);
    const overdue = events.filter(({ position }) => !check.mayWait(position));
    notSealedYet += events.length - overdue.length;
    const first = overdue.at(0);
    if (!first) continue;
    // Where seals are missing, what they sealed is not to blame.
    if (check.newest === undefined || check.findings.length > 0) leftBare.set(check, (leftBare.get(check) ?? 0) + overdue.length);
    else neverSealed.push({ stream, revision: first.revision });
  }
  const bare = [...leftBare].map(([{ stream, newest }, count]) =>
    newest
      ? `${stream}: ${count} events have no seal that can be believed`
      : `${stream}: there is no seal, but ${count} events to be sealed`,
  );
  return { notSealedYet, neverSealed, bare };
}

function sealsOf(stream: string, seals: ReadonlyMap<string, SealsCheck>): SealsCheck {
  const service = sealedStreams.find(({ streamPrefixes }) => streamPrefixes.some((prefix) => stream.startsWith(prefix)));
  const check = seals.get(`${sealStreamPrefix}${service?.name}`);
  if (!check) throw new Error(`no service seals ${stream}`);
  return check;
}

/** One line for each stream that does not hold. */
async function nameBroken(store: EventStore, streams: StreamsCheck, neverSealed: readonly NeverSealed[]): Promise<string[]> {
  const findings: string[] = [];
  for (const [stream, sealed] of [...streams.broken].slice(0, MOST_NAMED)) {
    const name = nameBreak(stream, await store.read(stream), sealed);
    findings.push(name ?? `${stream}: the events are there, but they were moved behind the seals that cover them`);
  }
  const alone = neverSealed.filter(({ stream }) => !streams.broken.has(stream));
  for (const { stream, revision } of alone.slice(0, MOST_NAMED)) {
    const [event] = await store.read(stream, revision);
    findings.push(`${stream} revision ${revision}: event ${event?.id} (${event?.type}) was inserted: no seal covers it`);
  }
  const unnamed = Math.max(0, streams.broken.size - MOST_NAMED) + Math.max(0, alone.length - MOST_NAMED);
  if (unnamed > 0) findings.push(`and ${unnamed} more streams`);
  return findings;
}
