// Every service is killed in the middle of a roaming session and comes back: exactly one correct CDR is left, and the partner holds it once.
import type { AppName, CdrSummary } from '@evenkeel/contracts';
import { eventually } from '@evenkeel/local';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';

let net: NetworkUnderTest;

beforeAll(async () => {
  net = await startNetwork();
}, START_MS);
afterAll(() => net?.stop(), 60_000);

const services: AppName[] = ['ocpp-gateway', 'session-ledger', 'billing', 'ocpi-bridge', 'registry', 'console'];

// Ten readings five minutes apart and ten idle minutes at 1000 times the speed: about four seconds.
const plan = { connectorId: 1, energyWh: 24_000, meterValues: 10, secondsBetweenMeterValues: 300, idleSeconds: 600 };

describe.each(services.map((service, index) => ({ service, stationId: `CHG-SFO-DC-000${index + 2}` })))(
  '$service',
  ({ service, stationId }) => {
    it('may die in the middle of a session', async () => {
      const station = await net.connect(stationId, '1.6', 1_000);
      const charging = station.charge({ ...plan, token: net.tokens.roaming, startMeterWh: 50_000, startedAt: Date.now() - 90 * 60_000 });
      let ended = false;
      void charging.finally(() => {
        ended = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(ended).toBe(false);
      await net.network.service('chargem', service).crash();
      const record = await charging;
      await station.close();

      const { chargem, mobilityyou } = net.consoles;
      const session = await eventually('the completed session', async () => {
        const found = await chargem.sessionOf(stationId, record.transactionId);
        return found?.status === 'completed' ? found : undefined;
      });
      expect(session.energyWh).toBe(String(record.meterStopWh - record.meterStartWh));
      const cdr = await eventually('the CDR', async () => (await chargem.cdrsOf(session.sessionId))[0]);
      expect(cdr.energyWh).toBe('24000');
      // 24 kWh at 0.56 and ten idle minutes at 24.00 an hour.
      expect(cdr.totalBeforeTaxes).toBe('17.44');
      const received = await eventually('the CDR at MobilityYou', async () => {
        const { items } = await mobilityyou.get<{ items: CdrSummary[] }>('/cdrs?limit=1000');
        return items.find(({ cdrId }) => cdrId === cdr.cdrId);
      });
      expect([received.totalBeforeTaxes, received.checkedBeforeTaxes]).toEqual(['17.44', '17.44']);

      // What is late would come now.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await chargem.cdrsOf(session.sessionId)).toHaveLength(1);
      const all = await mobilityyou.get<{ items: CdrSummary[] }>('/cdrs?limit=1000');
      expect(all.items.filter(({ sessionId }) => sessionId === session.sessionId)).toHaveLength(1);
    }, 90_000);
  },
);
