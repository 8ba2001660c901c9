// The sealer of a service, with what it says of itself: each seal's number and hash go to the log, because only a copy outside of the store
// shows that the newest seals are gone.
import { type EventStore, Sealer, SealKey } from '@evenkeel/event-store';
import type { Log } from './log';
import type { Metrics } from './metrics';

export interface SealedStreams {
  /** Names the seal stream. */
  name: string;
  streamPrefixes: readonly string[];
}

export function sealerOf(
  streams: SealedStreams,
  store: EventStore,
  { SEAL_PRIVATE_KEY, SEAL_EVERY_MS }: { SEAL_PRIVATE_KEY: string; SEAL_EVERY_MS: number },
  log: Log,
  metrics: Metrics,
): Sealer {
  const key = new SealKey(SEAL_PRIVATE_KEY);
  log.info({ publicKey: key.publicKey }, 'seals are signed with the private key of this public one');
  return new Sealer({
    store,
    ...streams,
    key,
    everyMs: SEAL_EVERY_MS,
    onSealed: ({ stream, revision, hash, events }) => {
      metrics.count('evenkeel_seals_total', 'Seals written over the events of this process');
      log.info({ sealStream: stream, sealRevision: revision, sealHash: hash, events }, 'sealed');
    },
    onFailure: (error) => log.warn({ error }, 'sealing was interrupted'),
  });
}
