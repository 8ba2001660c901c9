// OCPP 1.6 section 4.1. Nothing happened yet, so there is nothing to record.
import type { Handler } from '../call';
import { judgeIdTag } from './id-tag-info';

export const authorize: Handler<'1.6', 'Authorize'> = async ({ station, payload }, desk) => ({
  idTagInfo: await judgeIdTag(desk, station, payload.idTag, { purpose: 'authorize' }),
});
