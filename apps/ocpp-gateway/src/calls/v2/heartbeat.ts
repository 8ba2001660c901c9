// OCPP 2.0.1 G02. The answer is the station's clock.
import { printTimestamp } from '@evenkeel/ocpp';
import type { HandlerV2 } from '../call';

export const heartbeat: HandlerV2<'Heartbeat'> = async () => ({ currentTime: printTimestamp(Date.now()) });
