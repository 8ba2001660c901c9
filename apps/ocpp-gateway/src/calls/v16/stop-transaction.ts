// OCPP 1.6 section 4.10. Confirmed whatever transaction it names: a station blocks its queue behind a Stop that is refused.
import { Problem } from '@evenkeel/contracts';
import { stopFrom16 } from '../../facts/from-v16';
import type { Call, Handler } from '../call';
import type { CallDesk } from '../call-desk';
import { type IdTagInfo, judgeIdTag } from './id-tag-info';

export const stopTransaction: Handler<'1.6', 'StopTransaction'> = async (call, desk) => {
  const idTagInfo = await judgeStopper(call, desk);
  await call.record(stopFrom16(call, call.payload, idTagInfo?.status));
  return idTagInfo === undefined ? {} : { idTagInfo };
};

/** The session is over whoever stopped it, so a silent registry only leaves the optional idTagInfo out. */
async function judgeStopper({ station, payload }: Call<{ idTag?: string }>, desk: CallDesk): Promise<IdTagInfo | undefined> {
  if (payload.idTag === undefined) return undefined;
  try {
    return await judgeIdTag(desk, station, payload.idTag, { purpose: 'stop' });
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
