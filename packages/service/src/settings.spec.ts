import { Type } from '@sinclair/typebox';
import { BadSettings, commonSettings, readSettings } from './settings';

const schema = Type.Object({ ...commonSettings, FREE: Type.Boolean({ default: true }), FOLDER: Type.Optional(Type.String()) });

describe('settings', () => {
  it('are converted from text, with defaults for what is not set', () => {
    expect(readSettings(schema, { NATS_URL: 'nats://a:b@c:1', HEALTH_PORT: '9000', FREE: 'false', FOLDER: '' })).toEqual({
      HOST: '127.0.0.1',
      HEALTH_PORT: 9000,
      LOG_LEVEL: 'info',
      NATS_URL: 'nats://a:b@c:1',
      FREE: false,
    });
  });

  it('can be objects, as JSON, and what does not fit in one is named by its place', () => {
    const PARTIES = Type.Record(
      Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{3}$' }),
      Type.Object({ zone: Type.String({ format: 'time-zone' }) }, { additionalProperties: false }),
      { default: {}, additionalProperties: false },
    );
    const read = (text?: string) => readSettings(Type.Object({ PARTIES }), text === undefined ? {} : { PARTIES: text }).PARTIES;
    expect(read()).toEqual({});
    expect(read('{"US-CHG": {"zone": "America/Los_Angeles"}}')).toEqual({ 'US-CHG': { zone: 'America/Los_Angeles' } });
    for (const text of ['{"US-CHG": ', '"text"', '7', 'null', '[]']) expect(() => read(text)).toThrow(/^PARTIES must be a JSON object$/);
    expect(() => read('{"US-CHG": {"zone": "California"}}')).toThrow(/^PARTIES \/US-CHG\/zone must match format "time-zone"$/);
    expect(() => read('{"us-chg": {"zone": "UTC"}}')).toThrow(/^PARTIES must NOT have additional properties: us-chg$/);
    expect(() => read('{"US-CHG": {}}')).toThrow(/^PARTIES \/US-CHG must have required property 'zone'$/);
  });

  it('that are missing or do not fit are all named, without their values', () => {
    const read = () => readSettings(schema, { HEALTH_PORT: 'eight', LOG_LEVEL: 'loud', FREE: 'perhaps' });
    expect(read).toThrow(BadSettings);
    expect(read).toThrow(/HEALTH_PORT must be integer.*LOG_LEVEL .*NATS_URL is not set.*FREE must be boolean/);
    expect(() => readSettings(schema, { NATS_URL: 'redis://:secret@x' })).toThrow(/^NATS_URL must match pattern "\^nats:\/\/"$/);
  });
});
