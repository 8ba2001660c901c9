// A session whose meter cannot be believed, through the real processes: held instead of billed, shown to the operator, released with the
// readings that are right or denied, and what was billed by then taken back.
import type { CdrView, SessionView } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { type AnswerFrame, BareStation } from './bare-station';
import { net } from './one-network';

let station: BareStation;
const stationId = 'CHG-SFO-DC-0020';
const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

/** Charges from fifty to ten minutes ago. @returns the session as soon as it has the status. */
async function charge(idTag: string, meterStart: number, meterStop: number, status: string): Promise<SessionView> {
  const key = `${idTag}-${meterStart}-${meterStop}`;
  const start = { connectorId: 1, idTag, meterStart, timestamp: at(50) };
  const [, , started]: AnswerFrame = await station.call(`start ${key}`, 'StartTransaction', start);
  const { transactionId } = started as { transactionId: number };
  await station.call(`stop ${key}`, 'StopTransaction', { transactionId, meterStop, timestamp: at(10) });
  const { sessionId } = await eventually(`a session that is ${status}`, async () => {
    const found = await net.consoles.chargem.sessionOf(stationId, String(transactionId));
    return found?.status === status ? found : undefined;
  });
  return net.consoles.chargem.get(`/sessions/${sessionId}`);
}

const standingCdr = (sessionId: string): Promise<CdrView> =>
  eventually('the CDR', async () => {
    const [first] = (await net.consoles.chargem.cdrsOf(sessionId)).filter(({ credit }) => !credit);
    return first && net.consoles.chargem.cdr(first.cdrId);
  });

describe('a session whose meter cannot be believed', () => {
  beforeAll(async () => {
    const credentials = `${stationId}:${net.passwordOf(stationId)}`;
    const connected = await BareStation.connect(net.network.ocppUrl, { path: stationId, credentials, protocols: ['ocpp1.6'] });
    if (!(connected instanceof BareStation)) throw new Error(`refused with ${connected.status}`);
    station = connected;
    await station.call('boot', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  });
  afterAll(() => station?.close());

  it('is held, listed, and billed with the readings that an operator names', async () => {
    const held = await charge(net.tokens.roaming, 50_000, 2_200, 'quarantined');
    expect(held).toMatchObject({ energyWh: '2200', snapshot: { anomalies: [{ code: 'meterReset' }] } });
    const { items } = await net.consoles.chargem.get<{ items: { sessionId: string }[] }>('/sessions?attention=true');
    expect(items.map(({ sessionId }) => sessionId)).toContain(held.sessionId);
    expect(await net.consoles.chargem.cdrsOf(held.sessionId)).toEqual([]);

    await expect(
      net.consoles.chargem.post(`/sessions/${held.sessionId}/release`, { reason: 'typo', readings: { meterStopWh: '40000' } }),
    ).rejects.toThrow(/cannot end at 40000 Wh/);
    await net.consoles.chargem.post(`/sessions/${held.sessionId}/release`, {
      reason: 'read from the display',
      readings: { meterStopWh: '60000' },
    });
    const cdr = await standingCdr(held.sessionId);
    // 10 kWh at 0.56.
    expect(cdr).toMatchObject({ energyWh: '10000', totalBeforeTaxes: '5.60' });
    await eventually('the CDR at MobilityYou', async () => {
      const { items: received } = await net.consoles.mobilityyou.get<{ items: { cdrId: string }[] }>('/cdrs?limit=1000');
      return received.find(({ cdrId }) => cdrId === cdr.cdrId);
    });
    const { entries } = await net.consoles.chargem.get<{ entries: { type: string; data: unknown }[] }>(
      `/sessions/${held.sessionId}/timeline`,
    );
    expect(entries.map(({ type }) => type).slice(-3)).toEqual(['SessionQuarantined', 'SessionReleased', 'SessionCompleted']);
  });

  it('is denied, and then neither billed nor released by mistake', async () => {
    const held = await charge(net.tokens.own, 70_000, 1_000, 'quarantined');
    await net.consoles.chargem.post(`/sessions/${held.sessionId}/deny`, { reason: 'a test by the installer' });
    await eventually('the denial', async () => {
      const { status } = await net.consoles.chargem.get<SessionView>(`/sessions/${held.sessionId}`);
      return status === 'denied' || undefined;
    });
    await expect(net.consoles.chargem.post(`/sessions/${held.sessionId}/deny`, { reason: 'again' })).rejects.toThrow(/only once/);
    expect(await net.consoles.chargem.cdrsOf(held.sessionId)).toEqual([]);
  });

  it('that was billed is credited in full when it is denied', async () => {
    const billed = await charge(net.tokens.own, 80_000, 90_000, 'completed');
    const { cdrId } = await standingCdr(billed.sessionId);
    await net.consoles.chargem.post(`/sessions/${billed.sessionId}/deny`, { reason: 'goodwill' });
    const credit = await eventually('the credit', async () =>
      (await net.consoles.chargem.cdrsOf(billed.sessionId)).find((cdr) => cdr.credit),
    );
    expect(credit).toMatchObject({ cdrId: `${cdrId}-CR`, totalBeforeTaxes: '-5.60' });
  });

  it.each([
    ['an unknown session', 'release', '00000000-0000-5000-8000-000000000000', { reason: 'x' }, /there is no session/],
    ['no reason', 'release', '00000000-0000-5000-8000-000000000000', {}, /reason/],
    [
      'a reading that is no number',
      'release',
      '00000000-0000-5000-8000-000000000000',
      { reason: 'x', readings: { meterStopWh: 'full' } },
      /meterStopWh/,
    ],
    ['an unknown session', 'deny', '00000000-0000-5000-8000-000000000000', { reason: 'x' }, /there is no session/],
  ])('with %s a %s is refused', async (_name, command, sessionId, body, message) => {
    await expect(net.consoles.chargem.post(`/sessions/${sessionId}/${command}`, body)).rejects.toThrow(message);
  });
});
