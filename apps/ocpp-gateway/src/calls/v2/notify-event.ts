// OCPP 2.0.1 N07, G01: kept as said. What it says of the availability of a connector is that connector's status.
import { statusesFromEvents } from '../../facts/from-v2';
import { noticeFact } from '../../facts/notice';
import type { HandlerV2 } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const notifyEvent: HandlerV2<'NotifyEvent'> = async (call) => {
  const facts = [noticeFact(call, { action: 'NotifyEvent', payload: call.payload }), ...statusesFromEvents(call, call.payload)];
  await Promise.all(facts.map((fact) => call.record(fact)));
  return EMPTY_ANSWER;
};
