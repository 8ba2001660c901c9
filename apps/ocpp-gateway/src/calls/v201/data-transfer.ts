// OCPP 2.0.1 P02. We have no agreement with any vendor, so the message is kept and the vendor is unknown.
import { dataTransferFrom201 } from '../../facts/from-v201';
import type { Handler } from '../call';

export const dataTransfer: Handler<'2.0.1', 'DataTransfer'> = async (call) => {
  await call.record(dataTransferFrom201(call, call.payload));
  return { status: 'UnknownVendorId' };
};
