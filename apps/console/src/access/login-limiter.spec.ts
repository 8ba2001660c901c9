import { LoginLimiter, MOST_ATTEMPTS } from './login-limiter';

describe('the login limiter', () => {
  let now = 0;
  const limiter = new LoginLimiter(() => now);
  const guess = (username: string, address: string, times: number) => Array.from({ length: times }, () => limiter.admit(username, address));

  it('admits so many attempts a minute, and says how long to wait', () => {
    expect(guess('ada', '192.0.2.1', MOST_ATTEMPTS).every((wait) => wait === undefined)).toBe(true);
    now += 10_000;
    expect(limiter.admit('ada', '192.0.2.1')).toBe(50);
    expect(limiter.admit('ADA', '192.0.2.1')).toBe(50);
    now += 49_999;
    expect(limiter.admit('ada', '192.0.2.1')).toBe(1);
    now += 1;
    expect(limiter.admit('ada', '192.0.2.1')).toBeUndefined();
  });

  it('lets others in meanwhile: other names, and the same name from elsewhere', () => {
    guess('eve', '192.0.2.1', MOST_ATTEMPTS + 1);
    expect(limiter.admit('eve', '192.0.2.1')).toBeGreaterThan(0);
    expect(limiter.admit('eve', '192.0.2.2')).toBeUndefined();
    expect(limiter.admit('bob', '192.0.2.1')).toBeUndefined();
  });

  it('forgets attempts that were not wrong', () => {
    for (let times = 0; times < MOST_ATTEMPTS * 3; times += 1) {
      expect(limiter.admit('ann', '192.0.2.1')).toBeUndefined();
      limiter.release('ann', '192.0.2.1');
    }
  });

  it('keeps no more windows than it has room for', () => {
    guess('first', '192.0.2.1', MOST_ATTEMPTS);
    expect(limiter.admit('first', '192.0.2.1')).toBeGreaterThan(0);
    for (let user = 0; user < 10_001; user += 1) limiter.admit(`user-${user}`, '192.0.2.1');
    expect(limiter.admit('first', '192.0.2.1')).toBeUndefined();
  });
});
