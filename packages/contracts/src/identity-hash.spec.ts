import { IdentityHash } from './identity-hash';
import { mismatch } from './schemas';
import { TokenReference } from './values';

const hash = new IdentityHash('1d'.repeat(32));

describe('the keyed hash of a token', () => {
  it('is the same for every spelling of a uid, another for another one, and fits the contract', () => {
    const reference = hash.referenceTo({ uid: '04Aa11', type: 'RFID' });
    expect(reference).toEqual(hash.referenceTo({ uid: '04aA11', type: 'RFID' }));
    expect(mismatch(TokenReference, reference)).toBeUndefined();
    expect(hash.tokenKey('04AA12')).not.toBe(reference.key);
  });

  it('is another one under another secret and for another purpose', () => {
    expect(new IdentityHash('2e'.repeat(32)).tokenKey('04AA11')).not.toBe(hash.tokenKey('04AA11'));
    expect(hash.of('contract', '04aa11')).not.toBe(hash.of('token', '04aa11'));
  });
});
