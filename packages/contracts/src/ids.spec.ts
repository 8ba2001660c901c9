import { eventIdOf, idOf, sessionIdOf } from './ids';
import { partyKey, splitPartyKey } from './party';
import { mismatch } from './schemas';
import { MeterSample } from './station-facts';
import { subjectKey } from './subject-key';

describe('ids', () => {
  it('are version 5 UUIDs that depend on every part', () => {
    expect(idOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idOf('a', 'b')).toBe(idOf('a', 'b'));
    expect(idOf('ab', '')).not.toBe(idOf('a', 'b'));
    expect(eventIdOf('x', 1)).not.toBe(eventIdOf('x', 2));
  });

  it('treat station and transaction ids case-insensitively, and never mix two stations or parties', () => {
    expect(sessionIdOf('US-CHG', 'CP01', 'TX')).toBe(sessionIdOf('US-CHG', 'cp01', 'tx'));
    expect(sessionIdOf('US-CHG', 'CP01', '7')).not.toBe(sessionIdOf('US-CHG', 'CP02', '7'));
    expect(sessionIdOf('US-CHG', 'CP01', '7')).not.toBe(sessionIdOf('US-MOB', 'CP01', '7'));
  });
});

describe('subject keys', () => {
  it('hold no character that NATS reads, and keep different keys different', () => {
    const keys = ['CP 1', 'CP_201', 'CP.1', 'CP*1', 'CP>1', 'CP-1', 'CP_1', 'CPü', 'CP|1'];
    const encoded = keys.map(subjectKey);
    for (const key of encoded) expect(key).toMatch(/^[a-z0-9_-]+$/);
    expect(new Set(encoded).size).toBe(keys.length);
  });
});

describe('party keys', () => {
  it('join and split country and party', () => {
    expect(partyKey('us', 'chg')).toBe('US-CHG');
    expect(splitPartyKey('US-CHG')).toEqual({ countryCode: 'US', partyId: 'CHG' });
  });
});

describe('mismatch', () => {
  it('names the place and the reason', () => {
    expect(mismatch(MeterSample, { at: '2026-01-01T00:00:00.000Z', measurand: 'x', value: '1', unit: 'Wh' })).toBeUndefined();
    expect(mismatch(MeterSample, { at: 'today', measurand: 'x', value: '1', unit: 'Wh' })).toContain('/at must match pattern');
  });
});
