// Sessions that may go only so far are stopped before they go further, by the energy, the cost or the time that they come to.
import type { ChargingTerms, Request } from '@evenkeel/contracts';
import { at, ended, event, promptly, reading, sessionId, started, status, terms, token } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { LimitDesk } from './limit-desk';

type Limits = NonNullable<NonNullable<ChargingTerms['payer']>['limits']>;

function under(limits: Limits | undefined, answers: () => boolean = () => true) {
  const agreed = terms();
  const limited = { ...agreed, payer: { ...agreed.payer, ...(limits ? { limits } : {}) } } as ChargingTerms;
  const ledger = new LedgerUnderTest({ policy: promptly, terms: () => limited, startMs: Date.parse(at('10:00')) });
  const asked: Request<'stopTransaction'>[] = [];
  const clock = { ms: Date.parse(at('10:00')) };
  const ask = async (_: string, request: unknown) => {
    asked.push(request as Request<'stopTransaction'>);
    if (!answers()) throw new Error('the station is not connected');
    return { stopped: true } as never;
  };
  const log = { info: () => undefined, warn: () => undefined };
  const desk = new LimitDesk({ book: ledger.book, requester: { ask }, now: () => clock.ms, log });
  const hear = async (...facts: Parameters<LedgerUnderTest['hear']>) => {
    await ledger.hear(...facts);
    desk.after(facts);
  };
  /** Whether the station has been asked by then. */
  const stopsAt = async (time: string) => {
    clock.ms = Date.parse(at(time));
    await desk.look();
    return asked.length > 0;
  };
  return { ledger, asked, hear, stopsAt, reached: async () => (await ledger.book.stateOf(sessionId)).limitReached };
}

/** 6 kW: 3 kWh in the first half hour, at 0.45 a kWh. */
const halfAnHour = [started('10:00', '0'), reading('10:30', '3000')];

it('C17: the energy: it is stopped when it would have more by the time at which the station has stopped', async () => {
  const { ledger, asked, hear, stopsAt, reached } = under({ maxEnergyWh: '3500' });
  await hear(...halfAnHour);
  // 500 Wh more take five minutes, and 20 s before that it is time.
  expect(await stopsAt('10:34:30')).toBe(false);
  expect(await stopsAt('10:34:45')).toBe(true);
  expect(asked).toMatchObject([{ party: 'US-CHG', stationId: 'CP1', transactionId: '7' }]);
  expect(await reached()).toMatchObject({ limit: 'maxEnergyWh', most: '3500' });
  await ledger.stop();
});

it('C17: the cost, by the tariff of the session; what was asked is asked again until the session has ended', async () => {
  let isConnected = false;
  const { ledger, asked, hear, stopsAt, reached } = under({ maxCost: '1.80' }, () => isConnected);
  await hear(...halfAnHour);
  // 1.80 are 4 kWh, at 10:40.
  expect(await stopsAt('10:39:30')).toBe(false);
  expect(await stopsAt('10:39:50')).toBe(true);
  expect(await reached()).toMatchObject({ limit: 'maxCost', most: '1.80', expected: '1.81' });
  await stopsAt('10:39:55');
  expect(asked).toHaveLength(1);
  isConnected = true;
  await stopsAt('10:40:30');
  expect(new Set(asked.map(({ cause }) => cause)).size).toBe(2);
  await hear(ended('10:41', '3990'));
  await stopsAt('10:45');
  expect(asked).toHaveLength(2);
  expect((await ledger.eventsOf(sessionId)).filter(({ type }) => type === 'LimitReached')).toHaveLength(1);
  await ledger.stop();
});

it('C17: the time', async () => {
  const { ledger, hear, stopsAt, reached } = under({ maxTimeSeconds: 3_600 });
  await hear(...halfAnHour);
  expect(await stopsAt('10:59:30')).toBe(false);
  expect(await stopsAt('10:59:45')).toBe(true);
  expect(await reached()).toMatchObject({ limit: 'maxTimeSeconds', most: '3600' });
  await ledger.stop();
});

it('a full car draws nothing, and a session without limits is not looked at', async () => {
  const full = under({ maxEnergyWh: '3500' });
  await full.hear(...halfAnHour, status('10:31', 'SuspendedEV'), reading('10:40', '3050'));
  expect(await full.stopsAt('12:00')).toBe(false);
  await full.ledger.stop();
  const free = under(undefined);
  await free.hear(...halfAnHour);
  expect(await free.stopsAt('23:00')).toBe(false);
  await free.ledger.stop();
});

it('C17: a station of OCPP 2.1 keeps its limits itself, and is stopped when it does not', async () => {
  const { ledger, hear, stopsAt } = under({ maxEnergyWh: '3500' });
  const start = event(0, '10:00', 'started', { wh: '0', evseId: 1, connectorId: 1, token, chargingState: 'Charging' });
  const halfway = event(1, '10:30', 'updated', { wh: '3000', chargingState: 'Charging' });
  await hear(...[start, halfway].map((fact) => ({ ...fact, ocppVersion: '2.1' as const })));
  expect(await stopsAt('10:35:30')).toBe(false);
  expect(await stopsAt('10:36:30')).toBe(true);
  await ledger.stop();
});
