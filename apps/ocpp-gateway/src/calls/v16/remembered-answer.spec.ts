import { IdentityHash } from '@evenkeel/contracts';
import { openAnswer, sealAnswer } from './remembered-answer';

const identity = new IdentityHash('1d'.repeat(32));
const key = { identity, startKey: 'start', idTag: 'CARD1' };
const answer = { status: 'Accepted', expiryDate: '2030-01-01T00:00:00.000Z', parentIdTag: 'PARENT-CARD' } as const;

describe('a remembered answer', () => {
  it('holds no group in clear, and gives it back for the same token in any case', () => {
    const remembered = sealAnswer(answer, key);
    expect(JSON.stringify(remembered)).not.toMatch(/PARENT|parentIdTag/);
    expect(JSON.stringify(openAnswer(remembered, { ...key, idTag: 'card1' }))).toBe(JSON.stringify(answer));
    expect(sealAnswer({ status: 'Blocked' }, key)).toEqual({ status: 'Blocked' });
  });

  it.each([
    { ...key, idTag: 'CARD2' },
    { ...key, startKey: 'another start' },
    { ...key, identity: new IdentityHash('2e'.repeat(32)) },
  ])('opens for no other token, start or secret', (other) => {
    expect(() => openAnswer(sealAnswer(answer, key), other)).toThrow();
  });
});
