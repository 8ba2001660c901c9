// OCPP 1.6 section 4.3. We have no agreement with any vendor, so the message is kept and the vendor is unknown.
import { dataTransferFrom16 } from '../../facts/from-v16';
import type { Handler } from '../call';

export const dataTransfer: Handler<'1.6', 'DataTransfer'> = async (call) => {
  await call.record(dataTransferFrom16(call, call.payload));
  return { status: 'UnknownVendorId' };
};
