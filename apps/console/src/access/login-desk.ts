// Turns a password into a bearer token. The registry knows the passwords; the console only sees them pass.
import { type Operator, Problem } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { HttpProblem } from '../problem/problems';
import { LoginLimiter } from './login-limiter';
import type { SessionTokens } from './session-tokens';

export class LoginDesk {
  private readonly limiter: LoginLimiter;

  constructor(
    private readonly requester: Pick<Requester<'console'>, 'ask'>,
    private readonly tokens: SessionTokens,
    now: () => number,
  ) {
    this.limiter = new LoginLimiter(now);
  }

  /** @throws HttpProblem `unauthenticated`, or `too-many-attempts` with the seconds to wait. */
  async login(
    { username, password }: { username: string; password: string },
    address: string,
  ): Promise<{ token: string; expiresAt: string; role: Operator['role'] }> {
    const waitSeconds = this.limiter.admit(username, address);
    if (waitSeconds !== undefined) {
      const headers = { 'retry-after': String(waitSeconds) };
      throw new HttpProblem('too-many-attempts', `too many wrong attempts; try again in ${waitSeconds} s`, { headers });
    }
    const operator = await this.authenticate(username, password, address);
    this.limiter.release(username, address);
    return { ...this.tokens.issue(operator), role: operator.role };
  }

  private async authenticate(username: string, password: string, address: string): Promise<Operator> {
    try {
      return await this.requester.ask('authenticateOperator', { username, password });
    } catch (error) {
      if (error instanceof Problem && error.code === 'forbidden') throw HttpProblem.unauthenticated('wrong user name or password');
      this.limiter.release(username, address);
      throw error;
    }
  }
}
