import { tokenOf } from '../testing/roaming';
import { withoutBearer } from './push-request';

describe('a reason that a partner gives', () => {
  const bearer = { ...tokenOf('04A(1'), visualNumber: 'MOB 0042' };

  it('is kept without the driver that it names, however it is spelt', () => {
    const reason = 'refused with 2004: no token 04a(1 of us-mob-04A(1, card MOB 0042, at LOC-04';
    expect(withoutBearer(reason, bearer)).toBe('refused with 2004: no token [token] of [token], card [token], at LOC-04');
    expect(withoutBearer('HTTP 503', tokenOf('CARD1'))).toBe('HTTP 503');
  });
});
