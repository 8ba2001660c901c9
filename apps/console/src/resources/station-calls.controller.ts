// Commands to a connected station. The gateway pod that holds its socket answers; nobody answers for a station that is offline.
import type { Reply, Request } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Input, Output } from '../api/operations';
import { HttpProblem } from '../problem/problems';

@Controller()
export class StationCallsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('startCharging')
  start({ params, body }: Input<'startCharging'>): Promise<Output<'startCharging'>> {
    return this.call(params.stationId, { kind: 'start', ...body });
  }

  @Operate('stopCharging')
  stop({ params, body }: Input<'stopCharging'>): Promise<Output<'stopCharging'>> {
    return this.call(params.stationId, { kind: 'stop', ...body });
  }

  @Operate('callStation')
  raw({ params, body }: Input<'callStation'>): Promise<Output<'callStation'>> {
    return this.call(params.stationId, { kind: 'raw', action: params.action, payload: body });
  }

  /** The registry is asked first: it tells an unknown station from an offline one, and whose the station is. */
  private async call(asked: string, call: Request<'callStation'>['call']): Promise<Output<'callStation'>> {
    const { party, stationId } = await this.services.ask('getStation', { stationId: asked });
    return answerOf(await this.services.callStation({ party, stationId, call }));
  }
}

function answerOf(outcome: Reply<'callStation'>): Output<'callStation'> {
  switch (outcome.outcome) {
    case 'answered':
      return outcome;
    case 'refused': {
      const { errorCode, description } = outcome;
      throw new HttpProblem('station-refused', description === '' ? errorCode : `${errorCode}: ${description}`, { members: { errorCode } });
    }
    case 'timeout':
      throw new HttpProblem('timeout', 'the station did not answer in time; it may have obeyed all the same');
  }
}
