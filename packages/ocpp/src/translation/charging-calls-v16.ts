// Calls about who charges, where and how much, in OCPP 2.1 and OCPP 1.6. In OCPP 1.6 the connector number is the EVSE number.
import type { Request } from '../messages';
import { type CallTranslation, nothing, optional, translation } from './call-translation';
import { scheduleFrom16, scheduleTo16 } from './charging-schedules-v16';
import { Untranslatable } from './untranslatable';

export const chargingCalls: readonly CallTranslation[] = [
  translation('CancelReservation', 'CancelReservation', {
    request: ({ reservationId }) => ({ reservationId }),
    meaning: ({ reservationId }) => ({ reservationId }),
    answer: ({ status }) => ({ status }),
  }),
  translation('ClearCache', 'ClearCache', { request: nothing, meaning: nothing, answer: ({ status }) => ({ status }) }),
  translation('ClearChargingProfile', 'ClearChargingProfile', {
    request: ({ chargingProfileId, chargingProfileCriteria: criteria }) => ({
      ...optional('id', chargingProfileId),
      ...optional('connectorId', criteria?.evseId),
      ...optional('chargingProfilePurpose', criteria?.chargingProfilePurpose && purposeTo16(criteria.chargingProfilePurpose)),
      ...optional('stackLevel', criteria?.stackLevel),
    }),
    meaning: ({ id, connectorId, chargingProfilePurpose, stackLevel }) => ({
      ...optional('chargingProfileId', id),
      ...(connectorId === undefined && chargingProfilePurpose === undefined && stackLevel === undefined
        ? {}
        : {
            chargingProfileCriteria: {
              ...optional('evseId', connectorId),
              ...optional('chargingProfilePurpose', chargingProfilePurpose && purposeFrom16(chargingProfilePurpose)),
              ...optional('stackLevel', stackLevel),
            },
          }),
    }),
    answer: ({ status }) => ({ status }),
  }),
  translation('GetCompositeSchedule', 'GetCompositeSchedule', {
    request: ({ evseId, duration, chargingRateUnit }) => ({
      connectorId: evseId,
      duration,
      ...optional('chargingRateUnit', chargingRateUnit),
    }),
    meaning: ({ connectorId, duration, chargingRateUnit }) => ({
      evseId: connectorId,
      duration,
      ...optional('chargingRateUnit', chargingRateUnit),
    }),
    // An accepted question without a schedule is answered so by real stations: there is no limit.
    answer: ({ status, connectorId, scheduleStart, chargingSchedule }, { evseId, duration }) => ({
      status,
      ...(chargingSchedule === undefined
        ? {}
        : {
            schedule: {
              evseId: connectorId ?? evseId,
              duration: chargingSchedule.duration ?? duration,
              scheduleStart: scheduleStart ?? chargingSchedule.startSchedule ?? '',
              chargingRateUnit: chargingSchedule.chargingRateUnit,
              chargingSchedulePeriod: scheduleFrom16(chargingSchedule, 0).chargingSchedulePeriod,
            },
          }),
    }),
  }),
  translation('GetLocalListVersion', 'GetLocalListVersion', {
    request: nothing,
    meaning: nothing,
    answer: ({ listVersion }) => ({ versionNumber: listVersion }),
  }),
  translation('RequestStartTransaction', 'RemoteStartTransaction', {
    request: ({ idToken, evseId, chargingProfile }) => ({
      idTag: idToken.idToken,
      ...optional('connectorId', evseId),
      ...(chargingProfile === undefined ? {} : { chargingProfile: profileTo16(chargingProfile) }),
    }),
    meaning: ({ idTag, connectorId, chargingProfile }) => ({
      remoteStartId: 0,
      idToken: cardOf(idTag),
      ...optional('evseId', connectorId),
      ...(chargingProfile === undefined ? {} : { chargingProfile: profileFrom16(chargingProfile) }),
    }),
    answer: ({ status }) => ({ status }),
  }),
  translation('RequestStopTransaction', 'RemoteStopTransaction', {
    request: ({ transactionId }) => {
      if (!/^\d{1,10}$/.test(transactionId)) throw new Untranslatable(`${transactionId} is no transaction id of OCPP 1.6`);
      return { transactionId: Number(transactionId) };
    },
    meaning: ({ transactionId }) => ({ transactionId: String(transactionId) }),
    answer: ({ status }) => ({ status }),
  }),
  translation('ReserveNow', 'ReserveNow', {
    request: ({ id, expiryDateTime, idToken, evseId, groupIdToken }) => ({
      reservationId: id,
      // 0 is any connector (OCPP 1.6 section 5.13).
      connectorId: evseId ?? 0,
      expiryDate: expiryDateTime,
      idTag: idToken.idToken,
      ...optional('parentIdTag', groupIdToken?.idToken),
    }),
    meaning: ({ reservationId, connectorId, expiryDate, idTag, parentIdTag }) => ({
      id: reservationId,
      expiryDateTime: expiryDate,
      idToken: cardOf(idTag),
      ...(connectorId > 0 ? { evseId: connectorId } : {}),
      ...(parentIdTag === undefined ? {} : { groupIdToken: { idToken: parentIdTag, type: 'Central' } }),
    }),
    answer: ({ status }) => ({ status }),
  }),
  translation('SendLocalList', 'SendLocalList', {
    request: ({ versionNumber, updateType, localAuthorizationList }) => ({
      listVersion: versionNumber,
      updateType,
      ...(localAuthorizationList === undefined
        ? {}
        : {
            localAuthorizationList: localAuthorizationList.map(({ idToken, idTokenInfo }) => ({
              idTag: idToken.idToken,
              ...(idTokenInfo === undefined
                ? {}
                : {
                    idTagInfo: {
                      status: VERDICTS_16.has(idTokenInfo.status) ? (idTokenInfo.status as 'Accepted') : 'Invalid',
                      ...optional('expiryDate', idTokenInfo.cacheExpiryDateTime),
                      ...optional('parentIdTag', idTokenInfo.groupIdToken?.idToken),
                    },
                  }),
            })),
          }),
    }),
    meaning: ({ listVersion, updateType, localAuthorizationList }) => ({
      versionNumber: listVersion,
      updateType,
      ...(localAuthorizationList === undefined
        ? {}
        : {
            localAuthorizationList: localAuthorizationList.map(({ idTag, idTagInfo }) => ({
              idToken: cardOf(idTag),
              ...(idTagInfo === undefined
                ? {}
                : { idTokenInfo: { status: idTagInfo.status, ...optional('cacheExpiryDateTime', idTagInfo.expiryDate) } }),
            })),
          }),
    }),
    answer: ({ status }) => ({
      status: status === 'NotSupported' ? 'Failed' : status,
      ...(status === 'NotSupported' ? { statusInfo: { reasonCode: 'UnsupportedRequest' } } : {}),
    }),
  }),
  translation('SetChargingProfile', 'SetChargingProfile', {
    request: ({ evseId, chargingProfile }) => ({ connectorId: evseId, csChargingProfiles: profileTo16(chargingProfile) }),
    meaning: ({ connectorId, csChargingProfiles }) => ({ evseId: connectorId, chargingProfile: profileFrom16(csChargingProfiles) }),
    answer: ({ status }) =>
      status === 'NotSupported' ? { status: 'Rejected', statusInfo: { reasonCode: 'UnsupportedRequest' } } : { status },
  }),
  translation('UnlockConnector', 'UnlockConnector', {
    request: ({ evseId }) => ({ connectorId: evseId }),
    meaning: ({ connectorId }) => ({ evseId: connectorId, connectorId: 1 }),
    answer: ({ status }) =>
      status === 'NotSupported' ? { status: 'UnlockFailed', statusInfo: { reasonCode: 'UnsupportedRequest' } } : { status },
  }),
];

const VERDICTS_16: ReadonlySet<string> = new Set(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']);

type Profile16 = Request<'1.6', 'SetChargingProfile'>['csChargingProfiles'];
type Profile21 = Request<'2.1', 'SetChargingProfile'>['chargingProfile'];

function profileTo16(profile: Profile21): Profile16 {
  const { id, stackLevel, chargingProfilePurpose, chargingProfileKind, recurrencyKind, validFrom, validTo, transactionId } = profile;
  const [schedule] = profile.chargingSchedule;
  if (schedule === undefined || profile.chargingSchedule.length > 1) throw new Untranslatable('OCPP 1.6 takes one schedule a profile');
  if (chargingProfileKind === 'Dynamic') throw new Untranslatable('OCPP 1.6 has no dynamic profiles');
  return {
    chargingProfileId: id,
    stackLevel,
    chargingProfilePurpose: purposeTo16(chargingProfilePurpose),
    chargingProfileKind,
    chargingSchedule: scheduleTo16(schedule),
    ...optional('recurrencyKind', recurrencyKind),
    ...optional('validFrom', validFrom),
    ...optional('validTo', validTo),
    ...(transactionId === undefined ? {} : { transactionId: Number(transactionId) }),
  };
}

function profileFrom16(profile: Profile16 | NonNullable<Request<'1.6', 'RemoteStartTransaction'>['chargingProfile']>): Profile21 {
  const { chargingProfileId, transactionId, chargingProfilePurpose, chargingSchedule, ...rest } = profile;
  return {
    ...rest,
    id: chargingProfileId,
    chargingProfilePurpose: purposeFrom16(chargingProfilePurpose),
    chargingSchedule: [scheduleFrom16(chargingSchedule, chargingProfileId)],
    ...(transactionId === undefined ? {} : { transactionId: String(transactionId) }),
  };
}

function purposeTo16(purpose: string): Profile16['chargingProfilePurpose'] {
  switch (purpose) {
    case 'ChargingStationMaxProfile':
      return 'ChargePointMaxProfile';
    case 'TxDefaultProfile':
    case 'TxProfile':
      return purpose;
    default:
      throw new Untranslatable(`OCPP 1.6 has no ${purpose}`);
  }
}

function purposeFrom16(purpose: Profile16['chargingProfilePurpose']): Profile21['chargingProfilePurpose'] {
  return purpose === 'ChargePointMaxProfile' ? 'ChargingStationMaxProfile' : purpose;
}

function cardOf(idTag: string): { idToken: string; type: string } {
  return { idToken: idTag, type: 'ISO14443' };
}
