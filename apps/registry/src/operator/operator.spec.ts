import { hashApiKey, hashPassword, operator, passwordMatches } from './operator';

describe('operators', () => {
  it('log in with their password only, and two equal passwords leave no equal trace', async () => {
    const [stored, other] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(await passwordMatches('correct horse', stored)).toBe(true);
    expect(await passwordMatches('correct hors', stored)).toBe(false);
    expect(stored).not.toBe(other);
    expect(stored).not.toContain('horse');
  });

  it('are registered once', () => {
    const event = { type: 'ApiKeyRegistered', data: { username: 'm', role: 'viewer', keyHash: hashApiKey('k') } } as const;
    expect(operator.decide({ registered: false }, event)).toEqual({ accepted: true, events: [event] });
    expect(operator.decide({ registered: true }, event)).toEqual({ accepted: true, events: [] });
  });
});
