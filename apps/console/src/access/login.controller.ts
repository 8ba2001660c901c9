// Logs operators in.
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import { LoginDesk } from './login-desk';

@Controller()
export class LoginController {
  constructor(private readonly desk: LoginDesk) {}

  @Operate('login')
  login({ body }: Input<'login'>, { address }: Caller<'login'>): Promise<Output<'login'>> {
    return this.desk.login(body, address);
  }
}
