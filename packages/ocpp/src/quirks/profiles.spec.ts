import { parseFrame } from '../frame';
import { readRequest } from '../read-payload';
import { QUIRK_PROFILES, quirkProfileOf } from './profiles';
import { mendPayload, mendText, type QuirkProfile } from './quirk-profile';

function profile(name: string): QuirkProfile {
  const found = QUIRK_PROFILES.find((each) => each.name === name);
  if (!found) throw new Error(`no profile is called ${name}`);
  return found;
}

it('each profile has a name of its own, and each quirk a public report', () => {
  expect(new Set(QUIRK_PROFILES.map(({ name }) => name)).size).toBe(QUIRK_PROFILES.length);
  for (const { quirks } of QUIRK_PROFILES) for (const { evidence } of quirks) expect(evidence).toMatch(/ github\.com\/\S+\/issues\/\d+\.$/);
});

it.each([
  ['AEFA', 'Home OCPP', '1.6', 'aefa-home'],
  ['ABB', 'TACW22', '1.6', 'abb-terra-ac'],
  ['Legrand', "Green'up", '1.6', 'legrand-green-up'],
  ['ABB', 'TACW22', '2.0.1', undefined],
  ['Abbott', 'X', '1.6', undefined],
  ['V', 'M', '1.6', undefined],
] as const)('RPC-82, RPC-86: a station of %s %s with OCPP %s has the profile %s', (vendor, model, version, name) => {
  expect(quirkProfileOf(version, { vendor, model })?.name).toBe(name);
});

it('a number that is not there is null, in a frame that is otherwise as it was', () => {
  const text = '[2,"1","MeterValues",{"connectorId":1,\n  "transactionId":,"meterValue":[]}]';
  const mended = mendText(profile('aefa-home'), text);
  const frame = parseFrame(mended, '1.6');
  expect(frame).toMatchObject({ kind: 'call', payload: { connectorId: 1, transactionId: null, meterValue: [] } });
  expect(frame.kind === 'call' && readRequest('1.6', 'MeterValues', frame.payload)).toMatchObject({ payload: { connectorId: 1 } });
  expect(mendText(profile('aefa-home'), 'hello')).toBe('hello');
});

it.each([
  ['2022-02-29T07:02:33.000Z', '2022-03-01T07:02:33.000Z'],
  ['2022-04-31T07:02:33Z', '2022-05-01T07:02:33Z'],
  ['2024-02-29T07:02:33.000Z', '2024-02-29T07:02:33.000Z'],
  ['2022-13-31T07:02:33.000Z', '2022-13-31T07:02:33.000Z'],
  ['2022-02-29Tnoon', '2022-02-29Tnoon'],
])('RPC-86: for a calendar that has too many days %s is %s', (said, meant) => {
  const payload = { meterValue: [{ timestamp: said, sampledValue: [{ value: '1' }] }], note: said };
  const mended = mendPayload(profile('abb-terra-ac'), 'MeterValues', payload);
  expect(mended).toEqual({ meterValue: [{ timestamp: meant, sampledValue: [{ value: '1' }] }], note: said });
  if (said === meant) expect(mended).toBe(payload);
});

it('RPC-82: a literal is what it stands for, in its own message only', () => {
  const payload = { connectorId: 1, errorCode: 'Error', status: 'Faulted' };
  expect(mendPayload(profile('legrand-green-up'), 'StatusNotification', payload)).toEqual({ ...payload, errorCode: 'OtherError' });
  expect(mendPayload(profile('legrand-green-up'), 'DataTransfer', payload)).toBe(payload);
});
