import { BareStation } from './bare-station';
import { type NetworkUnderTest, START_MS, startNetwork } from './network-under-test';
import { servicesOf } from './service-health';

let net: NetworkUnderTest;
beforeAll(async () => {
  net = await startNetwork();
}, START_MS);
afterAll(() => net?.stop(), 60_000);
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));
async function open(identity: string, protocol = 'ocpp1.6') {
  const s = await BareStation.connect(net.network.ocppUrl, {
    path: identity,
    credentials: `${identity}:${net.passwordOf(identity)}`,
    protocols: [protocol],
  });
  if (!(s instanceof BareStation)) throw new Error('refused');
  return s;
}
it('probe', async () => {
  const out: unknown[] = [];
  const s = await open('CHG-SFO-DC-0001');
  out.push(
    await s
      .call('b', 'BootNotification', { chargePointVendor: 'V\u0000', chargePointModel: 'M\ud800', firmwareVersion: 'x\u0000' })
      .catch(String),
  );
  out.push(
    await s.call('c', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing', info: 'a\u0000' }).catch(String),
  );
  out.push(await s.call('d', 'Authorize', { idTag: 'A\u0000' }).catch(String));
  out.push(
    await s
      .call('e', 'StartTransaction', { connectorId: 1, idTag: 'A\u0000', meterStart: 1, timestamp: new Date().toISOString() })
      .catch(String),
  );
  const t = await open('CHG-SFO-AC-0020', 'ocpp2.0.1');
  out.push(await t.call('b', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }).catch(String));
  out.push(
    await t
      .call('f', 'TransactionEvent', {
        seqNo: 0,
        eventType: 'Started',
        timestamp: new Date().toISOString(),
        triggerReason: 'Authorized',
        transactionInfo: { transactionId: 'tx\u0000' },
        evse: { id: 1, connectorId: 1 },
        idToken: { idToken: 'B', type: 'ISO14443' },
      })
      .catch(String),
  );
  await pause(1000);
  const u = await open('CHG-SFO-AC-0030');
  out.push(await u.call('b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }).catch(String));
  await pause(1500);
  out.push(await net.consoles.chargem.get('/stations/CHG-SFO-AC-0030').catch(String));
  out.push(await net.consoles.chargem.get('/stations/CHG-SFO-DC-0001').catch(String));
  out.push(await net.consoles.chargem.get('/sessions').catch(String));
  for (const { service, url } of servicesOf(net.network)) {
    const text = await (await fetch(`${url}/metrics`)).text();
    out.push([service, await (await fetch(`${url}/health/ready`)).text(), text.split('\n').filter((l) => /failures_total\{/.test(l))]);
  }
  process.stderr.write(out.map((o) => JSON.stringify(o)).join('\n') + '\n');
}, 60_000);
