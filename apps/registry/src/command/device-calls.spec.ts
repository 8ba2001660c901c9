import {
  mismatch,
  type OperationParameters,
  type StationOperationName,
  stationOperationNames,
  stationOperations,
} from '@evenkeel/contracts';
import { isCsmsAction, requestSchema } from '@evenkeel/ocpp';

import { evse, knowledgeOf, started } from '../smart-charging/station-under-test';
import { callsOf } from './operation-calls';
import type { StationAbilities, WantedCall } from './wanted-call';

const station: StationAbilities = {
  version: '2.1',
  getVariablesAtOnce: 4,
  setVariablesAtOnce: 2,
  setMonitorsAtOnce: 2,
  clearMonitorsAtOnce: 2,
  localListVersion: 0,
  // The transaction of the examples runs.
  charging: knowledgeOf('2.1', [evse(1)], started(1, '1042')),
  networkSlot: undefined,
  securityProfile: 1,
};

function calls<N extends StationOperationName>(operation: N, parameters: OperationParameters<N>): readonly WantedCall[] {
  let last = 0;
  return callsOf(operation, parameters, station, {
    next: () => ++last,
    password: () => 'a-password-16-ch',
    now: '2026-03-01T10:00:00.000Z',
  });
}

describe('the operations', () => {
  it.each(stationOperationNames)('O-9: the example of %s is calls that OCPP 2.1 has and allows', (name) => {
    const { parameters, example } = stationOperations[name];
    expect(mismatch(parameters, example)).toBeUndefined();
    const made = calls(name, example as OperationParameters<typeof name> & never);
    expect(made.length).toBeGreaterThan(0);
    for (const { action, request } of made) {
      expect(isCsmsAction('2.1', action)).toBe(true);
      expect(requestSchema('2.1', action)?.explain(request)).toBeUndefined();
    }
  });

  it('N04, N06.FR.04: monitors are set and cleared as many at a time as the station takes', () => {
    const monitor = { component: 'EVSE', variable: 'Temperature', type: 'UpperThreshold' as const, value: 70, severity: 4 };
    const set = calls('set-monitors', { monitors: [monitor, { ...monitor, monitorId: 9, eventStream: { intervalSeconds: 5 } }, monitor] });
    expect(set.map(({ request }) => (request as { setMonitoringData: object[] }).setMonitoringData.length)).toEqual([2, 1]);
    expect(set[0]).toMatchObject({ request: { setMonitoringData: [{}, { id: 9, periodicEventStream: { interval: 5 } }] } });
    expect(calls('clear-monitors', { monitorIds: [1, 2, 2, 3] }).map(({ request }) => request)).toEqual([{ id: [1, 2] }, { id: [3] }]);
  });

  it('N05: monitors are read anew after their base was changed', () => {
    expect(calls('set-monitoring-base', { base: 'All' }).map(({ action }) => action)).toEqual(['SetMonitoringBase', 'GetMonitoringReport']);
  });

  it('I07, I10: a tariff is given to the whole station where no EVSE is named', () => {
    const tariff = { tariffId: 'T1', currency: 'USD' };
    expect(calls('set-default-tariff', { tariff })).toMatchObject([{ request: { evseId: 0, tariff } }]);
    expect(calls('clear-tariffs', {})).toEqual([{ kind: 'neutral', action: 'ClearTariffs', request: {} }]);
  });
});
