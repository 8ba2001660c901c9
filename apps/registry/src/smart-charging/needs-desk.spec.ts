// Vehicles that say their needs, over the real streams.
import { randomUUID } from 'node:crypto';
import type { Request } from '@evenkeel/contracts';
import { InMemoryEventStore } from '@evenkeel/event-store';
import fc from 'fast-check';
import { MirrorDesk } from '../mirror/mirror-desk';
import { QuestionDesk } from '../question/question-desk';
import type { StationRow } from '../view/registry-tables';
import { inFewer } from './charging-offer';
import type { Profile } from './charging-rate';
import type { ExternalLimit } from './composite-schedule';
import { NeedsDesk } from './needs-desk';
import { AT, evse, install, profile, started, TX, variables } from './station-under-test';

const row: StationRow = {
  station_key: 'cp1',
  ocpp_version: '2.1',
  registered: { stationId: 'CP1', party: 'US-CHG', evses: [evse(1), evse(2, 'DC')] } as Partial<
    StationRow['registered']
  > as StationRow['registered'],
} as Partial<StationRow> as StationRow;

function desk(share: readonly ExternalLimit[] = []) {
  const mirror = new MirrorDesk(new InMemoryEventStore());
  const sent: { evseId: number; chargingProfile: Profile }[] = [];
  const works: (() => Promise<void>)[] = [];
  const order: string[] = [];
  const needs = new NeedsDesk({
    stations: { find: async (id) => (id === 'CP1' ? row : undefined) },
    mirror,
    commands: {
      say: async (_, action, request) => {
        sent.push(request as (typeof sent)[number]);
        await note({ kind: 'call', action, request: { ...request }, answer: { status: 'Accepted' }, at: AT });
        return {} as never;
      },
    },
    shares: {
      isShared: async () => share.length > 0,
      offerShare: async () => {
        order.push('shared');
      },
      shareOf: async () => share,
    },
    log: { warn: (_: object, message: string) => order.push(message) } as never,
    afterAnswer: (work) => works.push(work),
    waitForTransactionMs: 0,
  });
  // Certificates are not asked about here.
  const unasked = () => Promise.reject(new Error('nobody asks'));
  const others = { signCertificate: unasked, certificateStatus: unasked, certificateChainStatus: unasked };
  const questions = new QuestionDesk(mirror, needs, others, others, { keep: unasked }, { certificateFor: unasked });
  const note = (news: Parameters<MirrorDesk['note']>[1]) => mirror.note('CP1', news, { cause: randomUUID() });
  const ask = async (action: string, payload: Request<'answerStation'>['payload']) => {
    const question = { party: 'US-CHG', stationId: 'CP1', ocppVersion: '2.1', messageId: randomUUID(), receivedAt: AT, action, payload };
    return (await questions.answer(question)).payload;
  };
  const settle = async () => {
    for (const work of works.splice(0)) await work();
  };
  return { note, ask, settle, sent, order };
}

/** 9 A. */
const SHARE: readonly ExternalLimit[] = [
  {
    evseId: 1,
    isLocalGeneration: false,
    chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 9 }] }],
  },
];
const needsOf = (more: object = {}, chargingNeeds: object = {}) => ({
  evseId: 1,
  chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase', ...chargingNeeds },
  ...more,
});
const periodsOf = ({ chargingProfile }: { chargingProfile: Profile }) => chargingProfile.chargingSchedule[0]?.chargingSchedulePeriod ?? [];

/** A default that changes every hour. */
function hourly(limits: readonly number[]): Profile {
  const begin = new Date(Date.now() - 60_000).toISOString();
  const chargingSchedulePeriod = limits.map((limit, index) => ({
    startPeriod: index * 3_600,
    limit,
  })) as Profile['chargingSchedule'][number]['chargingSchedulePeriod'];
  return profile('TxDefaultProfile', 0, {
    chargingSchedule: [{ id: 1, startSchedule: begin, chargingRateUnit: 'A', chargingSchedulePeriod }],
  });
}

describe('a vehicle that says what it needs', () => {
  it('C2-05, TC_K_53, K15.FR.07, K15.FR.08: is accepted, and then sent a TxProfile with at most maxScheduleTuples periods', async () => {
    const { note, ask, settle, sent } = desk();
    await note(started(1));
    await note(install(0, hourly([32, 10, 11, 20, 6])));
    expect(await ask('NotifyEVChargingNeeds', needsOf({ maxScheduleTuples: 3 }))).toEqual({ status: 'Accepted' });
    expect(sent).toEqual([]);
    await settle();
    expect(sent).toMatchObject([
      { evseId: 1, chargingProfile: { chargingProfilePurpose: 'TxProfile', transactionId: TX, chargingProfileKind: 'Absolute' } },
    ]);
    expect(sent.map(periodsOf)).toMatchObject([[{ startPeriod: 0, limit: 32 }, { limit: 10 }, { limit: 6 }]]);
  });

  it('C2-05, K15.FR.05: is rejected without a transaction, and nothing follows', async () => {
    const { ask, settle, sent } = desk();
    expect(await ask('NotifyEVChargingNeeds', needsOf())).toEqual({ status: 'Rejected' });
    await settle();
    expect(sent).toEqual([]);
  });

  it('K15.FR.08: gets no more periods than the station takes, and in its unit', async () => {
    const { note, ask, settle, sent } = desk();
    await note(started(2));
    await note(variables({ 'SmartChargingCtrlr/PeriodsPerSchedule': '2', 'SmartChargingCtrlr/RateUnit': 'W' }));
    await note(install(0, hourly([32, 10, 20])));
    expect(await ask('NotifyEVChargingNeeds', needsOf({ evseId: 2, maxScheduleTuples: 1024 }, { requestedEnergyTransfer: 'DC' }))).toEqual({
      status: 'Accepted',
    });
    await settle();
    // 800 V of direct current: 25.6 kW, then 8 kW for the two hours that are joined.
    expect(sent[0]?.chargingProfile.chargingSchedule[0]).toMatchObject({
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ limit: 25_600 }, { limit: 8_000 }],
    });
  });

  it('K18: needs no profile where it lets the station control and nobody has set a limit', async () => {
    const { note, ask } = desk();
    await note(started(1));
    expect(await ask('NotifyEVChargingNeeds', needsOf({}, { controlMode: 'DynamicControl' }))).toEqual({ status: 'NoChargingProfile' });
  });

  it('Q01, TC_Q_103: is rejected when it wants to charge in a way that is not allowed', async () => {
    const { note, ask } = desk();
    await note(started(1));
    const allowed = { transactionId: TX, allowedEnergyTransfer: ['AC_three_phase'] };
    await note({ kind: 'call', action: 'NotifyAllowedEnergyTransfer', request: allowed, answer: { status: 'Accepted' }, at: AT });
    expect(await ask('NotifyEVChargingNeeds', needsOf({}, { requestedEnergyTransfer: 'AC_BPT' }))).toEqual({ status: 'Rejected' });
    expect(await ask('NotifyEVChargingNeeds', needsOf())).toEqual({ status: 'Accepted' });
  });

  it('K15.FR.04: waits while the power of its site is shared anew, which tells it its share', async () => {
    const { note, ask, settle, sent, order } = desk(SHARE);
    await note(started(1));
    expect(await ask('NotifyEVChargingNeeds', needsOf())).toEqual({ status: 'Processing' });
    await settle();
    expect([order, sent]).toEqual([['shared'], []]);
  });

  it('K17: is offered by today’s limits, not by those of what it was offered before', async () => {
    const { note, ask, settle, sent } = desk();
    await note(started(1));
    await note(install(0, hourly([10])));
    await ask('NotifyEVChargingNeeds', needsOf());
    await settle();
    await note(install(0, hourly([20])));
    await ask('NotifyEVChargingNeeds', needsOf({ maxScheduleTuples: 5 }));
    await settle();
    expect(sent.map((each) => periodsOf(each)[0]?.limit)).toEqual([10, 20]);
    expect(new Set(sent.map(({ chargingProfile: { id } }) => id)).size).toBe(1);
  });
});

describe('a vehicle that says how it will charge', () => {
  const intended = (limit: number) => ({
    evseId: 1,
    timeBase: new Date().toISOString(),
    chargingSchedule: { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  });

  it('TC_K_53, K15: is accepted inside of its limits; outside it is rejected and asked again, a bounded number of times', async () => {
    const { note, ask, settle, sent } = desk();
    await note(started(1));
    await note(install(0, hourly([16])));
    expect(await ask('NotifyEVChargingSchedule', intended(16))).toEqual({ status: 'Accepted' });
    for (const offers of [1, 2, 2]) {
      expect(await ask('NotifyEVChargingSchedule', intended(20))).toEqual({ status: 'Rejected' });
      await settle();
      expect(sent).toHaveLength(offers);
    }
    expect(sent.map(periodsOf)).toEqual([[{ startPeriod: 0, limit: 16 }], [{ startPeriod: 0, limit: 16 }]]);
  });
});

it('K15: a vehicle of a site that intends more than its share is rejected, and told its share again', async () => {
  const { note, ask, settle, order } = desk(SHARE);
  await note(started(1));
  const chargingSchedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
  expect(await ask('NotifyEVChargingSchedule', { evseId: 1, timeBase: new Date().toISOString(), chargingSchedule })).toEqual({
    status: 'Rejected',
  });
  await settle();
  expect(order).toEqual(['shared']);
});

describe('a station that asks for the rates of a dynamic profile', () => {
  it('V21-10, TC_K_121, TC_Q_110, K28: gets the newest ones, those of the profile before any, and none for an unknown profile', async () => {
    const { note, ask } = desk();
    await note(install(0, profile('TxDefaultProfile', 700, { id: 7, chargingProfileKind: 'Dynamic' })));
    const pull = (chargingProfileId: number) => ask('PullDynamicScheduleUpdate', { chargingProfileId });
    expect(await pull(7)).toEqual({ status: 'Accepted', scheduleUpdate: { limit: 700 } });
    const update = { chargingProfileId: 7, scheduleUpdate: { limit: 900 } };
    await note({ kind: 'call', action: 'UpdateDynamicSchedule', request: update, answer: { status: 'Accepted' }, at: AT });
    expect(await pull(7)).toEqual({ status: 'Accepted', scheduleUpdate: { limit: 900 } });
    expect(await pull(8)).toEqual({ status: 'Rejected' });
  });
});

it('fewer periods never allow more than the many did', () => {
  const anyPeriods = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 })
    .map((limits) => limits.map((limit, index) => ({ startPeriod: index * 10, limit })));
  fc.assert(
    fc.property(anyPeriods, fc.integer({ min: 1, max: 12 }), (periods, most) => {
      const fewer = inFewer(periods, most);
      expect(fewer.length).toBeLessThanOrEqual(most);
      for (const { startPeriod, limit } of periods) {
        const now = fewer.filter((each) => each.startPeriod <= startPeriod).at(-1)?.limit;
        expect(now).toBeLessThanOrEqual(limit);
      }
    }),
  );
});
