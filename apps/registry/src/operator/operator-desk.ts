// Tells who an operator is from a password or an API key.
import { type Operator, Problem, type Request } from '@evenkeel/contracts';
import type { CatalogueView } from '../view/catalogue-view';
import { hashApiKey, hashPassword, passwordMatches } from './operator';

export class OperatorDesk {
  /** Checked for unknown users, so that their refusal takes as long as a wrong password's. */
  private readonly decoy = hashPassword('nobody');

  constructor(private readonly catalogue: CatalogueView) {}

  /** @throws Problem `forbidden`, the same for an unknown user and a wrong password. */
  async authenticate(request: Request<'authenticateOperator'>): Promise<Operator> {
    if ('apiKey' in request) {
      const machine = await this.catalogue.findApiKey(hashApiKey(request.apiKey));
      if (machine) return { username: machine.username, role: machine.role };
      throw new Problem('forbidden', 'unknown API key');
    }
    const operator = await this.catalogue.findOperator(request.username);
    const matches = await passwordMatches(request.password, operator?.password_hash ?? (await this.decoy));
    if (!operator?.password_hash || !matches) throw new Problem('forbidden', 'wrong user name or password');
    return { username: operator.username, role: operator.role };
  }
}
