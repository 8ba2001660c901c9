// Session (OCPI 2.3.0 mod_sessions): a state object, always sent whole.
import type { SessionSnapshot, TokenRecord } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { writeDateTime } from '../date-time';
import { kilowattHours, wireNumber } from '../number';
import { ciString, dateTime, type Expressed, expressed, openEnum, ownedBy, owner, strictOf } from '../wire-schema';
import { toPeriods, WirePeriod } from './charging-period';
import { WirePrice } from './price';

export const CdrToken = Type.Object({
  ...owner,
  uid: ciString(36),
  type: openEnum('AD_HOC_USER', 'APP_USER', 'EMAID', 'OTHER', 'RFID'),
  contract_id: ciString(36),
});
export type CdrToken = Static<typeof CdrToken>;
export const authMethod = openEnum('AUTH_REQUEST', 'COMMAND', 'WHITELIST');

export const WireSession = Type.Object({
  ...owner,
  id: ciString(36),
  start_date_time: dateTime,
  end_date_time: Type.Optional(dateTime),
  kwh: Type.Number(),
  cdr_token: CdrToken,
  auth_method: authMethod,
  authorization_reference: Type.Optional(ciString(36)),
  location_id: ciString(36),
  evse_uid: ciString(36),
  connector_id: ciString(36),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  charging_periods: Type.Optional(Type.Array(WirePeriod)),
  total_cost: Type.Optional(WirePrice),
  status: openEnum('ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION'),
  last_updated: dateTime,
});
export type WireSession = Static<typeof WireSession>;
const StrictSession = strictOf(WireSession);

/** A session that an operator refused to bill is declared invalid (OCPI 2.3.0 SessionStatus). */
const STATUS = { active: 'ACTIVE', completed: 'COMPLETED', denied: 'INVALID' } as const;

/** Who a session or CDR is about, in the clear: known to us only while it is written. */
export type Bearer = Pick<TokenRecord, 'party' | 'uid' | 'type' | 'contractId'>;

export function toSession(session: SessionSnapshot, bearer: Bearer): Expressed<WireSession> {
  const { payer, place, tariff } = session.terms;
  if (!payer) return { ok: false, reason: 'nobody is known to pay for the session' };
  const wire: WireSession = {
    ...ownedBy(session.party),
    id: session.sessionId,
    start_date_time: writeDateTime(session.startedAt),
    ...(session.endedAt === undefined ? {} : { end_date_time: writeDateTime(session.endedAt) }),
    kwh: wireNumber(kilowattHours(Decimal.parse(session.energyWh))),
    cdr_token: toCdrToken(bearer),
    auth_method: payer.authMethod,
    ...(payer.authorizationReference === undefined ? {} : { authorization_reference: payer.authorizationReference }),
    location_id: place.locationId,
    evse_uid: place.evseUid,
    connector_id: place.connectorId,
    currency: tariff.currency,
    charging_periods: toPeriods(session.periods, session.endedAt ?? session.updatedAt, tariff.id),
    status: STATUS[session.status],
    last_updated: writeDateTime(session.updatedAt),
  };
  return expressed(StrictSession, wire, []);
}

export function toCdrToken({ party, uid, type, contractId }: Bearer): CdrToken {
  return { ...ownedBy(party), uid, type, contract_id: contractId };
}
