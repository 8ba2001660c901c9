import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNetworkFile, stationPassword, stationsOf } from './network-file';

const text = readFileSync(join(__dirname, '..', '..', '..', '..', 'infra', 'local', 'networks', 'chargem.json'), 'utf8');

describe('a network file', () => {
  it('describes Chargem: 5,000 charge points, each with its own id, password and tariff', () => {
    const file = parseNetworkFile(text);
    const stations = [...stationsOf(file)];
    expect(stations).toHaveLength(5_000);
    expect(new Set(stations.map(({ stationId }) => stationId)).size).toBe(5_000);
    expect(new Set(stations.map(({ password }) => password)).size).toBe(5_000);
    const tariffs = new Set(file.tariffs.map(({ id }) => id));
    const used = stations.flatMap(({ evses }) => evses.flatMap(({ connectors }) => connectors.map(({ tariffId }) => tariffId)));
    expect(new Set(used)).toEqual(tariffs);
    expect(stations[0]).toMatchObject({
      stationId: 'CHG-SFO-DC-0001',
      evses: [{ uid: 'CHG-SFO-DC-0001-1' }, { uid: 'CHG-SFO-DC-0001-2' }],
    });
    expect(stationPassword(file.passwordSecret, 'CHG-SFO-DC-0001')).toMatch(/^[0-9a-f]{20}$/);
  });

  it('that does not fit is refused with the place and the reason', () => {
    expect(() => parseNetworkFile('{')).toThrow(/is not JSON/);
    expect(() => parseNetworkFile(JSON.stringify({ ...JSON.parse(text), party: 'chargem' }))).toThrow('/party must match pattern');
  });
});
