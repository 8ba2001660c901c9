// Commands to stations: the registry carries them out and follows them to their effect.
import { type StationCommand, stationOperationNames } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import { keyOf, type StationOperationKey } from '../api/station-operation-paths';
import { HttpProblem } from '../problem/problems';

@Controller()
export class StationCallsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('callStation')
  async raw({ params, body }: Input<'callStation'>, { username }: Caller<'callStation'>): Promise<Output<'callStation'>> {
    const asked = { actor: { operator: username }, ...params, payload: body };
    const command = await this.services.ask('callStationRaw', asked);
    return { outcome: 'answered', payload: answerOf(command), commandId: command.commandId };
  }

  @Operate('listCommands')
  list({ query }: Input<'listCommands'>): Promise<Output<'listCommands'>> {
    return this.services.ask('listCommands', query);
  }

  @Operate('getCommand')
  get({ params }: Input<'getCommand'>): Promise<Output<'getCommand'>> {
    return this.services.ask('getCommand', params);
  }

  @Operate('listStationItems')
  items({ params, query }: Input<'listStationItems'>): Promise<Output<'listStationItems'>> {
    return this.services.ask('listStationItems', { ...params, ...query });
  }

  async operate(
    operation: string,
    { params, body }: Input<StationOperationKey>,
    { username }: Caller<StationOperationKey>,
  ): Promise<StationCommand> {
    const asked = { actor: { operator: username }, ...params, operation, parameters: body };
    return usable(await this.services.ask('operateStation', asked));
  }
}

/** One method an operation, made from the contracts' table, because they differ by nothing but the name. */
for (const name of stationOperationNames) {
  const key = keyOf(name);
  const descriptor = {
    value(this: StationCallsController, input: Input<StationOperationKey>, caller: Caller<StationOperationKey>) {
      return this.operate(name, input, caller);
    },
    configurable: true,
  };
  Object.defineProperty(StationCallsController.prototype, key, descriptor);
  Operate(key)(StationCallsController.prototype, key, descriptor);
}

function answerOf(command: StationCommand): Record<string, unknown> {
  const [{ answer } = {}] = usable(command).calls;
  return answer ?? {};
}

/** @throws HttpProblem for a CALLERROR, and for an answer that did not come. */
function usable(command: StationCommand): StationCommand {
  const { status, errorCode, detail, commandId } = command;
  if (status === 'refused') {
    const said = detail === undefined || detail === errorCode ? String(errorCode) : `${errorCode}: ${detail}`;
    throw new HttpProblem('station-refused', said, { members: { errorCode: errorCode ?? 'GenericError', commandId } });
  }
  if (status === 'unknown') {
    throw new HttpProblem('timeout', 'the station did not answer in time; it may have obeyed all the same', { members: { commandId } });
  }
  return command;
}
