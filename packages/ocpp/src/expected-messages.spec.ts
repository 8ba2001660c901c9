import { EXPECTED_FOR_MS, ExpectedMessages } from './expected-messages';

const triggered = (requestedMessage: string) => {
  const expected = new ExpectedMessages();
  expected.asked('c1', 'TriggerMessage', { requestedMessage }, 0);
  return expected;
};

it('RPC-88: what a trigger asked for is expected, for every connector, until its time is up', () => {
  const expected = triggered('StatusNotification');
  expected.answered('c1', { status: 'Accepted' });
  expect(expected.allows('StatusNotification', { connectorId: 1 }, 10)).toBe(true);
  expect(expected.allows('StatusNotification', { connectorId: 2 }, EXPECTED_FOR_MS - 1)).toBe(true);
  expect(expected.allows('StatusNotification', {}, EXPECTED_FOR_MS)).toBe(false);
  expect(expected.allows('Heartbeat', {}, 10)).toBe(false);
});

it.each([{ status: 'Rejected' }, { status: 'NotImplemented' }, undefined])('RPC-88: after the answer %j nothing is expected', (answer) => {
  const expected = triggered('StatusNotification');
  expected.answered('c1', answer);
  expect(expected.allows('StatusNotification', {}, 10)).toBe(false);
});

it('RPC-88: an answer to something else withdraws nothing', () => {
  const expected = triggered('Heartbeat');
  expected.answered('c2', { status: 'Rejected' });
  expect(expected.allows('Heartbeat', {}, 10)).toBe(true);
});

it.each(['SignChargePointCertificate', 'SignChargingStationCertificate', 'SignV2GCertificate'])(
  'RPC-88: %s is a SignCertificate',
  (name) => {
    expect(triggered(name).allows('SignCertificate', { csr: '' }, 10)).toBe(true);
  },
);

it.each(['GetBaseReport', 'GetReport'])('RPC-88: the parts of the report of a %s are expected until the last one', (action) => {
  const expected = new ExpectedMessages();
  expected.asked('c1', action, { requestId: 7 }, 0);
  expect(expected.allows('NotifyReport', { requestId: 8, seqNo: 0 }, 1)).toBe(false);
  expect(expected.allows('NotifyReport', { requestId: 7, seqNo: 0, tbc: true }, EXPECTED_FOR_MS - 1)).toBe(true);
  expect(expected.allows('NotifyReport', { requestId: 7, seqNo: 1, tbc: false }, 2 * EXPECTED_FOR_MS - 2)).toBe(true);
  expect(expected.allows('NotifyReport', { requestId: 7, seqNo: 2 }, 2 * EXPECTED_FOR_MS - 1)).toBe(false);
});

it('holds a bounded number of expectations', () => {
  const expected = new ExpectedMessages();
  for (let index = 0; index < 100; index += 1) expected.asked(`c${index}`, 'GetReport', { requestId: index }, 0);
  expect(expected.allows('NotifyReport', { requestId: 0 }, 1)).toBe(false);
  expect(expected.allows('NotifyReport', { requestId: 99 }, 1)).toBe(true);
});
