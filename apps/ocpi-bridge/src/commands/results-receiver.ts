// Results of commands that we have given to CPOs (OCPI mod_commands, Sender). The address of each command is its own.
import { commandNames, OcpiProblem, type OcpiVersion } from '@evenkeel/ocpi';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, onlyParty } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { commandParameter, Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { CommandSender, wordOf } from './command-sender';

@Controller('ocpi/emsp/:version/commands/:command/:uid')
export class ResultsReceiver {
  constructor(private readonly sender: CommandSender) {}

  @Described({
    summary: 'What became of a command of ours; each has an address of its own',
    params: { command: commandParameter },
    takes: ['commands.result'],
  })
  @Post()
  async take(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() { command, uid }: { command: string; uid: string },
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    if (!commandNames.some((name) => name === command)) throw OcpiProblem.missing(`there is no command ${command}`);
    const result = bodyOf(version.commands.result.read(body, { owner: onlyParty(caller) }));
    await this.sender.conclude(caller.partner.partnerId, uid, command, wordOf(result));
    return stored(false);
  }
}
