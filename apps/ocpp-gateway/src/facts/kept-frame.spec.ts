import { IdentityHash } from '@evenkeel/contracts';
import { type CallFrame, parseFrame, readRequest, type StationAction } from '@evenkeel/ocpp';
import { keptFrame, LONGEST_KEPT_FRAME } from './kept-frame';

const identity = new IdentityHash('1d'.repeat(32));
const key = (uid: string) => identity.tokenKey(uid);

function kept(text: string, version: '1.6' | '2.0.1' = '1.6'): string | undefined {
  const frame = parseFrame(text, version) as CallFrame;
  const reading =
    version === '1.6'
      ? readRequest(version, frame.action as StationAction<'1.6'>, frame.payload)
      : readRequest(version, frame.action as StationAction<'2.0.1'>, frame.payload);
  if (!reading.readable) throw new Error(reading.description);
  return keptFrame({ text, frame, version, identity, deviations: reading.deviations });
}

const start = (fields: string) =>
  `[2, "m1",  "StartTransaction", {"connectorId":1, ${fields}, "meterStart":10, "timestamp":"2026-03-01T10:00:00Z"}]`;
const event = (rest: object) =>
  JSON.stringify([
    2,
    'm1',
    'TransactionEvent',
    {
      ...{ eventType: 'Started', timestamp: '2026-03-01T10:00:00Z', triggerReason: 'Authorized', seqNo: 0 },
      transactionInfo: { transactionId: 't1' },
      ...rest,
    },
  ]);

describe('the frame of a fact', () => {
  it('without a token is what arrived, to the byte', () => {
    const sampled = '{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"10.50"}]}';
    const text = `[2,"m1","MeterValues", {"connectorId":1,"transactionId":7, "meterValue":[${sampled}]}]`;
    expect(kept(text)).toBe(text);
  });

  it('has the key of a token where the token was, and every other byte as it was', () => {
    expect(kept(start('"idTag" : " Ab1"'))).toBe(start(`"idTag" : "${key('AB1')}"`));
    expect(kept(start('"idTag":"m1"'))).toBe(start(`"idTag":"${key('m1')}"`));
    expect(kept(start('"idTag":"a\\"b"'))).toBe(start(`"idTag":"${key('a"b')}"`));
  });

  it('masks what is shown beside a 2.0.1 token too', () => {
    const additionalInfo = [{ additionalIdToken: 'PLATE-1', type: 'plate' }];
    const shown = (uid: string, beside: string) => ({
      idToken: { idToken: uid, type: 'ISO14443', additionalInfo: [{ additionalIdToken: beside, type: 'plate' }] },
    });
    const text = event({ idToken: { idToken: '04AA', type: 'ISO14443', additionalInfo } });
    expect(kept(text, '2.0.1')).toBe(event(shown(key('04AA'), key('PLATE-1'))));
    const button = event({ idToken: { idToken: '', type: 'NoAuthorization' } });
    expect(kept(button, '2.0.1')).toBe(button);
  });

  it.each([
    ['a name spelt in escapes', '"id\\u0054ag":"CARD1"'],
    ['a number for a text', '"idTag":41414141'],
    ['a field of the vendor', '"idTag":"CARD1","rfid":"CARD1","parentIdTag":"CARD1"'],
    ['a token that is too long', '"idTag":"CARD1CARD1CARD1CARD1CARD1"'],
  ])('holds no token behind %s', (_, fields) => {
    const text = kept(start(fields));
    expect(text).toContain('StartTransaction');
    expect(text).not.toMatch(/CARD1|41414141/);
  });

  it('holds no free text of a state, in which stations tell what card they see', () => {
    const status = (info: string) =>
      `[2,"m1","StatusNotification",{"connectorId":0,"errorCode":"NoError","info":"${info}","status":"Available"}]`;
    expect(kept(status('Info: Charge card 0499302AEA6F84 detected'))).toBe(status(''));
    expect(kept(status('card \\u0034'))).toBe(status(''));
  });

  it('holds nothing of what a vendor adds', () => {
    const text = kept(event({ customData: { vendorId: 'V', seen: 'CARD1' } }), '2.0.1');
    expect(text).toBe(event({ customData: { vendorId: 'V' } }));
  });

  it("is not kept of a vendor's message, nor when it is very long", () => {
    expect(kept('[2,"m1","DataTransfer",{"vendorId":"V","data":"CARD1"}]')).toBeUndefined();
    expect(kept(`${start('"idTag":"A"')}${' '.repeat(LONGEST_KEPT_FRAME)}`)).toBeUndefined();
  });
});
