// OCPP 1.6 section 4.6. The answer is the station's clock.
import { printTimestamp } from '@evenkeel/ocpp';
import type { Handler } from '../call';

export const heartbeat: Handler<'1.6', 'Heartbeat'> = async () => ({ currentTime: printTimestamp(Date.now()) });
