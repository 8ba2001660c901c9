// What an operator runs to have a service's tables built anew from the streams, while everything runs: asks the pods for it and watches.
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from './database';
import { type RequestedRebuild, rebuildProgress, requestRebuild } from './generations';

export interface RebuildOrder {
  databaseUrl: string;
  /** One projection; all of the database's unless given. */
  projection?: string;
  say: (line: string) => void;
}

const LOOK_EVERY_MS = 1_000;

/** Resolves when the new generations serve. @throws when no pod is running that could build them. */
export async function rebuildViews({ databaseUrl, projection, say }: RebuildOrder): Promise<void> {
  const database = await openDatabase<Record<never, never>>(databaseUrl);
  try {
    const rebuilds = await requestRebuild(database, projection);
    if (rebuilds.length === 0)
      throw new Error(`nothing to rebuild: no pod that runs ${projection ?? 'a projection'} was seen within a minute`);
    const waiting = new Map<RequestedRebuild, number | undefined>(rebuilds.map((rebuild) => [rebuild, undefined]));
    for (const rebuild of rebuilds) say(`${named(rebuild)} ${rebuild.underWay ? 'is being built already' : 'is asked for'}`);
    while (waiting.size > 0) {
      await pause(LOOK_EVERY_MS);
      for (const [rebuild, saidBehind] of waiting) {
        const { serves, behind } = await rebuildProgress(database, rebuild);
        if (serves) say(`${named(rebuild)} serves`);
        else if (behind !== saidBehind)
          say(`${named(rebuild)} is ${behind ?? 'not begun'}${behind === undefined ? '' : ' behind the one that serves'}`);
        if (serves) waiting.delete(rebuild);
        else waiting.set(rebuild, behind);
      }
    }
  } finally {
    await database.destroy();
  }
}

function named({ name, version, generation }: RequestedRebuild): string {
  return `${name}: version ${version}, generation ${generation}`;
}
