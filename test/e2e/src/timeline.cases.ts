// Sessions of both versions run, are exported and played again: through the pure cores, and over a real WebSocket at another station of the
// same kind. The CDR is the same to the last line; the file and the timeline hold nobody.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FixtureCdr, fixtureCdrOf, mismatch, SessionFixture, type SessionTimeline } from '@evenkeel/contracts';
import { eventually, explainBills, exportSession } from '@evenkeel/local';
import { replayFixture } from '@evenkeel/station-simulator';
import { replay } from '@evenkeel/test-corpus';
import { net } from './one-network';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-timeline-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stories = [
  { version: '1.6', driver: 'roaming', stationId: 'CHG-SFO-DC-0016', other: 'CHG-SFO-DC-0017', energyWh: 24_000, idleSeconds: 600 },
  { version: '2.0.1', driver: 'own', stationId: 'CHG-SFO-AC-0016', other: 'CHG-SFO-AC-0017', energyWh: 1_000, idleSeconds: 0 },
] as const;

describe.each(stories)('a session of OCPP $version', ({ version, driver, stationId, other, energyWh, idleSeconds }) => {
  let sessionId: string;
  let fixture: SessionFixture;

  async function billed(station: string, transactionId: string): Promise<{ sessionId: string; cdrs: FixtureCdr[] }> {
    const { chargem } = net.consoles;
    return eventually(`the CDR of ${station}`, async () => {
      const session = await chargem.sessionOf(station, transactionId);
      const bills = session ? await chargem.billsOf(session.sessionId) : [];
      return session && bills.length > 0 ? { sessionId: session.sessionId, cdrs: bills.map(fixtureCdrOf) } : undefined;
    });
  }

  beforeAll(async () => {
    const station = await net.connect(stationId, version);
    const plan = { connectorId: 1, energyWh, meterValues: 4, secondsBetweenMeterValues: 300, idleSeconds, startMeterWh: 50_000 };
    const record = await station.charge({ ...plan, token: net.tokens[driver], startedAt: Date.now() - 3_600_000 });
    await station.close();
    sessionId = (await billed(stationId, record.transactionId)).sessionId;
    fixture = await exportSession(net.consoles.chargem, sessionId);
  }, 60_000);

  it('shows the frame behind each fact, and the state at each event', async () => {
    const { chargem } = net.consoles;
    const { entries, periods } = await chargem.timeline(sessionId);
    const facts = entries.filter(({ type }) => type === 'FactRecorded');
    expect(facts.length).toBeGreaterThan(5);
    for (const { frame, messageId } of facts)
      expect(JSON.parse(frame ?? '')).toEqual([2, messageId, expect.any(String), expect.any(Object)]);
    expect(new Set(facts.flatMap((entry) => entry.periods)).size).toBe(periods.length);
    expect(entries.at(-1)?.state).toMatchObject({ status: 'completed', energyWh: String(energyWh) });
    const at = facts[2]?.eventId ?? '';
    const then = await chargem.get<SessionTimeline>(`/sessions/${sessionId}/timeline?at=${at}`);
    expect(then.entries.map(({ eventId }) => eventId)).toEqual([at]);
    expect(then.state).toMatchObject({ revision: facts[2]?.revision, stationId });
    await expect(chargem.get(`/sessions/${sessionId}/timeline?at=9999`)).rejects.toThrow('404');
    await expect(chargem.get(`/sessions/${sessionId}/timeline?at=first`)).rejects.toThrow('400');
  });

  it('is exported with nobody in it', async () => {
    expect(mismatch(SessionFixture, fixture)).toBeUndefined();
    const text = JSON.stringify(fixture).toLowerCase();
    const { snapshot } = await net.consoles.chargem.session(sessionId);
    const { key } = snapshot?.terms.payer ?? { key: '' };
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    for (const secret of [net.tokens[driver], stationId, sessionId, key, 'LOC-', 'San Francisco', 'US-CHG', 'CHG']) {
      expect(text).not.toContain(secret.toLowerCase());
    }
    expect(fixture.tokens).toEqual([{ uid: 'TOKEN-1', type: 'RFID', payer: driver, verdict: 'Accepted' }]);
  });

  it('comes to the same CDR through the pure cores', async () => {
    const replayed = await replay(fixture);
    expect(replayed).toHaveLength(1);
    expect(replayed[0]).toMatchObject(fixture.outcomes[0] ?? {});
    expect(replayed[0]?.cdrs).toEqual(fixture.outcomes[0]?.cdrs);
  });

  it('comes to the same CDR over a WebSocket, at another station of the same kind', async () => {
    const file = join(folder, `${version}.json`);
    await writeFile(file, JSON.stringify(fixture));
    const { transactions, leftOut } = await replayFixture({
      url: net.network.ocppUrl,
      identity: other,
      password: net.passwordOf(other),
      fixture,
      tokens: { 'TOKEN-1': net.tokens[driver] },
    });
    expect(leftOut).toEqual([]);
    const [transactionId] = transactions.values();
    expect((await billed(other, transactionId ?? '')).cdrs).toEqual(fixture.outcomes[0]?.cdrs);
  }, 60_000);

  it('is explained to the frame', async () => {
    const { chargem } = net.consoles;
    const lines = explainBills(await chargem.billsOf(sessionId), await chargem.timeline(sessionId));
    const text = lines.join('\n');
    expect(text).toContain(`${energyWh} Wh x ${version === '1.6' ? '0.56' : '0.45'} / 1000 =`);
    expect(text).toContain(version === '1.6' ? '"StartTransaction"' : '"TransactionEvent"');
    expect(text).toMatch(/register \d+ Wh \(event [0-9a-f-]{36}, revision \d+\)/);
  });
});
