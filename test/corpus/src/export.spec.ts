// What an operator exports of a session is enough to play it again, whatever the station did; and its bill is explained to the frame, also
// where it was corrected.
import { mismatch, SessionFixture, type SessionSnapshot, type SessionView } from '@evenkeel/contracts';
import { explainBills, fixtureOf, isEdge } from '@evenkeel/local';
import { files } from './files';
import { type Replayed, replay } from './replay';

function exported(session: Replayed, all: readonly Replayed[]): SessionFixture {
  const related = all.filter((other) => other !== session).flatMap(({ timeline: { entries } }) => entries.filter(isEdge));
  return fixtureOf({ view: viewOf(session), entries: session.timeline.entries, related, cdrs: session.bills });
}

function viewOf({ sessionId, status, events }: Replayed): SessionView {
  const said: SessionSnapshot | undefined = events.flatMap((event) => ('session' in event.data ? [event.data.session] : [])).at(-1);
  if (!said) throw new Error('the session has no terms');
  const { party, stationId, transactionId, energyWh, flags, updatedAt } = said;
  return { sessionId, party, status, stationId, transactionId, energyWh, flags, updatedAt, snapshot: said };
}

const withTerms = files.filter(({ fixture }) => fixture.outcomes.some(({ status }) => status === 'completed'));

it.each(withTerms)('$name, exported, comes to the same outcome again', async ({ fixture }) => {
  const all = await replay(fixture);
  for (const session of all.filter(({ status }) => status === 'completed')) {
    const again = exported(session, all);
    expect(mismatch(SessionFixture, again)).toBeUndefined();
    expect(again.lackingFrames).toBeUndefined();
    const [outcome] = again.outcomes;
    const { transaction, status, held, cdrs } = (await replay(again)).find((one) => one.transaction === outcome?.transaction) ?? {};
    expect({ transaction, status, cdrs, ...(held ? { held } : {}) }).toEqual(outcome);
  }
});

it('an export holds no key of a token, no number of a device and no id of a session', async () => {
  const file = files.find(({ name }) => name.startsWith('power-loss'));
  if (!file) throw new Error('the corpus has no power loss');
  const [, , action, payload] = file.fixture.steps[3]?.frame ?? [];
  expect(action).toBe('BootNotification');
  Object.assign(payload ?? {}, { chargePointSerialNumber: 'SERIAL-0815', imsi: '262011234567890' });
  const all = await replay(file.fixture);
  const [session] = all;
  const frames = JSON.stringify(session?.timeline);
  expect(frames).toContain('SERIAL-0815');
  const text = JSON.stringify(session && exported(session, all));
  expect(text).toContain('TOKEN-1');
  expect(text).not.toMatch(/SERIAL-0815|262011234567890|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}/);
});

it('a corrected bill is explained by what changed and the frame that made it so', async () => {
  const file = files.find(({ name }) => name.startsWith('power-loss'));
  const [session] = file ? await replay(file.fixture) : [];
  const [first, credit, corrected] = session?.bills ?? [];
  if (!session || !first || !credit || !corrected) throw new Error('the session was not corrected');
  const text = explainBills(session.bills, session.timeline).join('\n');
  expect(text).toContain(`CDR ${credit.cdrId} takes CDR ${first.cdrId} back in full.`);
  expect(text).toContain(
    `corrects CDR ${first.cdrId}: endedAt 2026-03-02T10:20:00.000Z -> 2026-03-02T10:22:00.000Z, energyWh 2000 -> 2200`,
  );
  expect(text).toMatch(/because of\n +2026-03-02T10:22:00.000Z transaction ended, register 3200 Wh .*\n.*"reason":"PowerLoss"/);
  expect(text).toContain('2200 Wh x 0.45 / 1000 = 0.99, to the cent 0.99 [measured]');
  expect(explainBills(session.bills, session.timeline, credit.cdrId)).toHaveLength(3);
});
