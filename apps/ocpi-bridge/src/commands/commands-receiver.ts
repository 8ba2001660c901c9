// Commands that eMSPs give to a CPO (OCPI mod_commands, Receiver).
import { randomUUID } from 'node:crypto';
import { commandNames, OcpiProblem, type OcpiVersion, statusCodes } from '@evenkeel/ocpi';
import { LOG, type Log } from '@evenkeel/service';
import { Body, Controller, Headers, Inject, Param, Post } from '@nestjs/common';
import { foundIn, type OcpiAnswer } from '../http/answer';
import { CalledBy, InVersion } from '../http/request';
import { commandParameter, Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { CommandDesk } from './command-desk';

@Controller('ocpi/cpo/:version/commands/:command')
export class CommandsReceiver {
  constructor(
    private readonly desk: CommandDesk,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Described({
    summary: 'Have a charger do something; what became of it is posted to response_url',
    params: { command: commandParameter },
    takes: commandNames.map((name) => `commands.${name}` as const),
    answers: 'commands.response',
  })
  @Post()
  async take(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param('command') name: string,
    @Headers('x-request-id') requestId: string | undefined,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const command = commandNames.find((each) => each === name);
    if (!command) throw OcpiProblem.missing(`there is no command ${name}`, statusCodes.clientError);
    const response = await this.desk.take({ caller, version, command, body, requestId: requestId ?? randomUUID() });
    this.log.info({ partner: caller.partner.name, command, result: response.result }, 'a partner has given a command');
    return foundIn(version.commands.response.write(response));
  }
}
