// OCPP 2.0.1 G02. The answer is the station's clock.
import { printTimestamp } from '@evenkeel/ocpp';
import type { Handler } from '../call';

export const heartbeat: Handler<'2.0.1', 'Heartbeat'> = async () => ({ currentTime: printTimestamp(Date.now()) });
