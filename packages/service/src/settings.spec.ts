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

  it('that are missing or do not fit are all named, without their values', () => {
    const read = () => readSettings(schema, { HEALTH_PORT: 'eight', LOG_LEVEL: 'loud', FREE: 'perhaps' });
    expect(read).toThrow(BadSettings);
    expect(read).toThrow(/HEALTH_PORT must be integer.*LOG_LEVEL .*NATS_URL is not set.*FREE must be boolean/);
    expect(() => readSettings(schema, { NATS_URL: 'redis://:secret@x' })).toThrow(/^NATS_URL must match pattern "\^nats:\/\/"$/);
  });
});
