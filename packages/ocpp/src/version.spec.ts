import { chooseVersion, offeredSubprotocols } from './version';

describe('the subprotocol', () => {
  test.each([
    ['RPC-11 names are case-sensitive', 'OCPP1.6', undefined],
    ['RPC-11 old versions are not served', 'ocpp1.2, ocpp1.5, ocpp2.0', undefined],
    ['RPC-12 the first offer that is known wins', 'ocpp1.6, ocpp2.1', '1.6'],
    ['RPC-12 not the newest', 'ocpp2.0.1,ocpp2.1', '2.0.1'],
    ['RPC-13 spaces around names are optional', 'ocpp2.1 ,  ocpp1.6', '2.1'],
    ['RPC-14 nothing in common', 'ocpp0.1', undefined],
    ['RPC-15 no header', undefined, undefined],
    ['RPC-16 unknown offers are passed over', 'ocpp0.1, ocpp1.6', '1.6'],
  ])('%s: %s', (_rule, header, version) => {
    expect(chooseVersion(offeredSubprotocols(header))).toBe(version);
  });

  test('RPC-12 a version the station may not use is passed over', () => {
    expect(chooseVersion(['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'], ['1.6', '2.0.1'])).toBe('2.0.1');
  });
});
