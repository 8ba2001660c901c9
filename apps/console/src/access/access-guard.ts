// Lets a request pass whose caller is known and has the role that the table asks for.
import { type Operator, Problem, type Role } from '@evenkeel/contracts';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type GuardedRequest, operationOf } from '../api/operate';
import { HttpProblem } from '../problem/problems';
import { ApiKeys } from './api-keys';
import { SessionTokens } from './session-tokens';

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly apiKeys: ApiKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { access, name } = operationOf(context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const operator = await this.identify(request);
    if (rank[operator.role] < rank[access]) {
      throw new HttpProblem('forbidden', `${name} needs the role ${access}; ${operator.username} is ${operator.role}`);
    }
    request.operator = operator;
    return true;
  }

  private async identify({ headers }: GuardedRequest): Promise<Operator> {
    const { authorization, 'x-api-key': apiKey } = headers;
    if (authorization !== undefined) return this.byToken(authorization);
    if (typeof apiKey === 'string' && apiKey !== '') return this.byApiKey(apiKey);
    throw HttpProblem.unauthenticated('send a bearer token or an API key');
  }

  private byToken(authorization: string): Operator {
    // The scheme is case-insensitive (RFC 9110 section 11.1).
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const operator = token === undefined ? undefined : this.tokens.verify(token);
    if (!operator) throw HttpProblem.unauthenticated('the bearer token is not valid, or no longer', 'invalid_token');
    return operator;
  }

  private async byApiKey(apiKey: string): Promise<Operator> {
    try {
      return await this.apiKeys.operatorOf(apiKey);
    } catch (error) {
      if (error instanceof Problem && error.code === 'forbidden') throw HttpProblem.unauthenticated('the API key is not known');
      throw error;
    }
  }
}
