// Where a person is found on an operator's side: in every byte of the event store, of the broker's store, of the databases' rows, of the
// logs, the metrics and the console's answers. What is looked for is compared without case, as cards and contracts are.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CdrSummary, SessionSummary } from '@evenkeel/contracts';
import type { PlatformName } from '@evenkeel/local';
import type { NetworkUnderTest } from './network-under-test';
import { servicesOf } from './service-health';

/** Place -> what of the person is found there; a place with nothing is left out. */
export type Traces = Record<string, string[]>;

interface Text {
  place: string;
  text: string;
}

export async function tracesOf(net: NetworkUnderTest, platform: PlatformName, words: readonly string[]): Promise<Traces> {
  const texts = [
    ...(await filesIn(join(net.dataFolder, platform, 'events'), 'event store')),
    ...(await filesIn(join(net.dataFolder, 'nats', 'jetstream', 'jetstream', platform.toUpperCase()), 'JetStream')),
    ...(await net.network.postgres.dump(`${platform}_`)).map(({ table, row }) => ({ place: table, text: row })),
    ...net.log.filter((line) => line.startsWith(`${platform} `)).map((text) => ({ place: 'logs', text })),
    ...(await metricsOf(net, platform)),
    ...(await answersOf(net, platform)),
  ];
  const traces: Traces = {};
  for (const { place, text } of texts) {
    const folded = text.toLowerCase();
    const found = words.filter((word) => folded.includes(word.toLowerCase()));
    if (found.length > 0) traces[place] = [...new Set([...(traces[place] ?? []), ...found])].sort();
  }
  return traces;
}

/** Bytes are characters here, so that no byte is lost to an encoding. */
async function filesIn(folder: string, place: string): Promise<Text[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`there is nothing in ${folder}`);
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({ place, text: (await readFile(join(parentPath, name))).toString('latin1') })),
  );
}

async function metricsOf(net: NetworkUnderTest, wanted: PlatformName): Promise<Text[]> {
  const services = servicesOf(net.network).filter(({ platform }) => platform === wanted);
  return Promise.all(services.map(async ({ url }) => ({ place: 'metrics', text: await (await fetch(`${url}/metrics`)).text() })));
}

/** Everything that an operator can read of drivers, sessions and CDRs. */
async function answersOf({ consoles }: NetworkUnderTest, platform: PlatformName): Promise<Text[]> {
  const { [platform]: console } = consoles;
  const lists = ['drivers', 'tokens', 'cdrs', 'partners', 'stations', ...(platform === 'chargem' ? ['sessions'] : [])];
  const answers: Text[] = [];
  const take = async <T>(path: string, place: string): Promise<T> => {
    const answer = await console.get<T>(path);
    answers.push({ place: `console: ${place}`, text: JSON.stringify(answer) });
    return answer;
  };
  for (const list of lists) await take(`/${list}${list === 'partners' ? '' : '?limit=1000'}`, list);
  for (const { cdrId, direction } of (await console.get<{ items: CdrSummary[] }>('/cdrs?limit=1000')).items) {
    await take(`/cdrs/${cdrId}`, 'a CDR');
    if (direction === 'issued') await take(`/cdrs/${cdrId}/explanation`, 'an explanation');
  }
  if (platform === 'mobilityyou') return answers;
  for (const { sessionId } of (await console.get<{ items: SessionSummary[] }>('/sessions?limit=1000')).items) {
    await take(`/sessions/${sessionId}`, 'a session');
    await take(`/sessions/${sessionId}/timeline`, 'a timeline');
  }
  return answers;
}
