import type { Document } from '../mirror/known';
import { driftOf } from './drift';

const wanted = { component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', value: '300' };
const variable = (value: string | undefined, more: Document = {}, dataType?: string): Document => ({
  variableAttribute: [
    { type: 'MinSet', value: '0' },
    { ...(value === undefined ? {} : { value }), ...more },
  ],
  ...(dataType === undefined ? {} : { variableCharacteristics: { dataType } }),
});

function drift(value: string, documents: Record<string, Document>) {
  const template = { variables: [{ ...wanted, value }] };
  return driftOf('CP1', template, (kind, key) => documents[`${kind} ${key}`]).variables[0];
}

describe('the drift of a variable', () => {
  const key = 'OCPPCommCtrlr/HeartbeatInterval';

  it.each([
    ['300', '300', undefined, 'in-step'],
    ['300', '300.0', 'integer', 'in-step'],
    ['300', '0300', 'string', 'differing'],
    ['300', '60', 'integer', 'differing'],
    ['true', 'TRUE', 'boolean', 'in-step'],
    ['A,B', 'B, A', 'MemberList', 'in-step'],
    ['A,B', 'B,A', 'SequenceList', 'differing'],
    ['A,B', 'A, B', undefined, 'in-step'],
  ])('%s wanted, %s there, of type %s: %s', (value, actual, dataType, status) => {
    expect(drift(value, { [`variable ${key}`]: variable(actual, {}, dataType) })).toMatchObject({ key, wanted: value, actual, status });
  });

  it('is unknown where the station has not said, and refused where it has refused this very value', () => {
    expect(drift('300', {})).toEqual({ key, wanted: '300', status: 'unknown' });
    expect(drift('300', { [`variable ${key}`]: variable(undefined) })).toEqual({ key, wanted: '300', status: 'unknown' });
    const refused = { [`refused-setting ${key}`]: { value: '300' }, [`variable ${key}`]: variable('60') };
    expect(drift('300', refused)).toMatchObject({ status: 'refused', actual: '60' });
    expect(drift('600', refused)).toMatchObject({ status: 'differing' });
  });

  it('B05.FR.09: is none where the value was taken for after the restart, and says so', () => {
    expect(drift('300', { [`variable ${key}`]: variable('300', { afterReboot: true }) })).toMatchObject({
      status: 'in-step',
      afterReboot: true,
    });
  });

  it('looks for a key of OCPP 1.6 that OCPP 2.1 does not know among the flat ones', () => {
    expect(drift('300', { 'variable OCPP16/HeartbeatInterval': variable('300') })?.status).toBe('in-step');
  });

  it('of a station is the worst of its variables', () => {
    const template = { variables: [wanted, { ...wanted, variable: 'Other' }] };
    expect(driftOf('CP1', template, (_, item) => (item === key ? variable('300') : undefined)).status).toBe('unknown');
    expect(driftOf('CP1', template, (_, item) => (item === key ? variable('60') : undefined)).status).toBe('differing');
  });
});
