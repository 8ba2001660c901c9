// Reads a session, its timeline, its CDRs and its neighbours through the console, and makes a fixture of them.
import type { SessionFixture, SessionSummary, TimelineEntry } from '@evenkeel/contracts';
import type { RestClient } from './rest-client';
import { fixtureOf, isEdge } from './session-export';

export async function exportSession(console: RestClient, sessionId: string): Promise<SessionFixture> {
  const [view, { entries }, cdrs] = await Promise.all([
    console.session(sessionId),
    console.timeline(sessionId),
    console.billsOf(sessionId),
  ]);
  return fixtureOf({ view, entries, related: await relatedTo(console, view, entries), cdrs });
}

/** The edges of the session before, where its register stood higher, and of the next one, where that has ended this session. */
async function relatedTo(
  console: RestClient,
  { stationId, evseId }: SessionSummary,
  entries: readonly TimelineEntry[],
): Promise<TimelineEntry[]> {
  const related: TimelineEntry[] = [];
  for (const { type, data } of entries) {
    if (type === 'EarlierReadingKnown') related.push(...(await console.timeline((data as { sessionId: string }).sessionId)).entries);
    const closed = data as { why?: string; notAfter: string };
    if (type !== 'SessionClosed' || closed.why !== 'superseded') continue;
    const query = new URLSearchParams({ stationId, from: closed.notAfter });
    const { items } = await console.get<{ items: SessionSummary[] }>(`/sessions?${query}`);
    const next = items.find((one) => one.evseId === evseId && one.startedAt === closed.notAfter);
    if (next) related.push(...(await console.timeline(next.sessionId)).entries);
  }
  return related.filter(isEdge);
}
