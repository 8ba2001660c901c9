import { IdentityHash } from '@evenkeel/contracts';
import { maskFrame } from './mask-frame';

const identity = new IdentityHash('1d'.repeat(32));
const card = '04A2B3C4D5';
const secret = 'Correct-Horse-16';

it.each([
  ['ChangeConfiguration', { key: 'AuthorizationKey', value: secret }],
  ['an answer to GetConfiguration', { configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: secret }] }],
  [
    'SetVariables',
    { setVariableData: [{ attributeValue: secret, component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } }] },
  ],
  ['NotifyReport', { reportData: [{ variable: { name: 'BasicAuthPassword' }, variableAttribute: [{ value: secret }] }] }],
  [
    'NotifyEvent of a token reader',
    { eventData: [{ component: { name: 'TokenReader' }, variable: { name: 'Token' }, actualValue: secret }] },
  ],
  [
    'SetNetworkProfile',
    {
      connectionData: {
        basicAuthPassword: secret,
        vpn: { key: secret, password: secret, user: 'u' },
        apn: { apnPassword: secret, simPin: 1 },
      },
    },
  ],
  ['UpdateFirmware', { location: `ftp://evenkeel:${secret}@files.example/fw.bin` }],
  [
    'InstallCertificate with what does not belong there',
    { certificate: `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----` },
  ],
  ['DataTransfer', { vendorId: 'com.vendor', data: secret }],
  ['StatusNotification that tells which card it sees', { connectorId: 1, info: secret }],
  ['NotifyCustomerInformation', { data: secret, requestId: 1 }],
])('RPC-38: %s shows no secret', (_, payload) => {
  const shown = maskFrame(JSON.stringify([2, 'a', 'Any', payload]), identity);
  expect(shown).not.toContain(secret);
  expect(shown).toContain('•••');
});

it.each([
  { idTag: card },
  { idTagInfo: { status: 'Accepted', parentIdTag: card } },
  { idToken: { idToken: card, type: 'ISO14443', additionalInfo: [{ additionalIdToken: card, type: 'x' }] } },
  { localAuthorizationList: [{ idTag: card }] },
])('%j shows the key of the card instead of the card', (payload) => {
  const shown = maskFrame(JSON.stringify([3, 'a', payload]), identity);
  expect(shown).not.toContain(card);
  expect(shown).toContain(identity.tokenKey(card));
});

it('leaves alone what is neither', () => {
  const frame = [2, 'a', 'MeterValues', { connectorId: 1, meterValue: [{ timestamp: 'x', sampledValue: [{ value: '12', unit: 'Wh' }] }] }];
  expect(JSON.parse(maskFrame(JSON.stringify(frame), identity))).toEqual(frame);
  const question = [2, 'a', 'GetConfiguration', { key: ['HeartbeatInterval'] }];
  expect(JSON.parse(maskFrame(JSON.stringify(question), identity))).toEqual(question);
  const configuration = [2, 'a', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }];
  expect(JSON.parse(maskFrame(JSON.stringify(configuration), identity))).toEqual(configuration);
});

it('shows nothing of what it cannot read', () => {
  expect(maskFrame(`[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":"${secret}"`, identity)).toBe('•••');
});
