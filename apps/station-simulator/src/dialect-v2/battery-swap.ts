// Battery swapping of OCPP 2.1 (S02): the driver hands in an empty battery and takes a full one, or walks away.
import type { Request } from '@evenkeel/ocpp';
import { StepwiseWork } from '../feature/stepwise-work';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

type Swap = Request<'2.1', 'BatterySwap'>;

const EMPTY = { evseId: 1, serialNumber: 'BAT-IN-1', soC: 12, soH: 96 };
const FULL = { evseId: 2, serialNumber: 'BAT-OUT-1', soC: 98, soH: 97 };

export function batterySwapCommands(host: StationHost) {
  return {
    RequestBatterySwap({ idToken, requestId }) {
      if (host.outcomes.batterySwap === 'NoBatteryAvailable') {
        return { answer: { status: 'Rejected', statusInfo: { reasonCode: 'NoBatteryAvailable' } } };
      }
      return { answer: { status: 'Accepted' }, afterwards: () => host.background(swap(host, idToken, requestId), 'The battery swap') };
    },
  } satisfies Handlers2;
}

async function swap(host: StationHost, idToken: Swap['idToken'], requestId: number): Promise<void> {
  const isLeft = host.outcomes.batterySwap === 'BatteryOutTimeout';
  const work = new StepwiseWork(host, (eventType) => {
    return host.say('BatterySwap', { eventType, requestId, idToken, batteryData: [eventType === 'BatteryIn' ? EMPTY : FULL] });
  });
  await work.step('BatteryIn');
  await work.step(isLeft ? 'BatteryOutTimeout' : 'BatteryOut');
  work.end();
}
