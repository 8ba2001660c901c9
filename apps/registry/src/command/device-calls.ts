// Operations beside charging as CALLs in the words of OCPP 2.1: monitors, texts, the network, event streams, tariffs, batteries, firmware
// for others.
import { type deviceOperations, Problem, type StationOperationName } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import { type Compile, call, chunks, idTokenOf, nameOf } from './wanted-call';

type DeviceOperationName = keyof typeof deviceOperations & StationOperationName;
type Tariff = Request<'2.1', 'SetDefaultTariff'>['tariff'];
type MonitorGroups = NonNullable<Request<'2.1', 'GetMonitoringReport'>['monitoringCriteria']>;
type ReportedVariables = NonNullable<Request<'2.1', 'GetMonitoringReport'>['componentVariable']>;

/** OCPP integers for "the whole station". */
const WHOLE_STATION = 0;
const MESSAGE_TIMEOUT_SECONDS = 30;

export const deviceCalls: { readonly [N in DeviceOperationName]: Compile<N> } = {
  'set-monitors': ({ monitors }, { setMonitorsAtOnce }) =>
    chunks(
      monitors.map(({ monitorId, type, value, severity, duringTransactionsOnly, eventStream, ...named }) => ({
        ...nameOf(named),
        type,
        value,
        severity,
        ...(monitorId === undefined ? {} : { id: monitorId }),
        ...(duringTransactionsOnly === undefined ? {} : { transaction: duringTransactionsOnly }),
        ...(eventStream === undefined ? {} : { periodicEventStream: paceOf(eventStream) }),
      })),
      setMonitorsAtOnce,
    ).map((setMonitoringData) => call('SetVariableMonitoring', { setMonitoringData })),
  'clear-monitors': ({ monitorIds }, { clearMonitorsAtOnce }) =>
    chunks([...new Set(monitorIds)], clearMonitorsAtOnce).map((id) => call('ClearVariableMonitoring', { id })),
  'read-monitors': ({ groups, variables }, _, numbers) => [
    call('GetMonitoringReport', {
      requestId: numbers.next(),
      ...(groups === undefined ? {} : { monitoringCriteria: groups as MonitorGroups }),
      ...(variables === undefined ? {} : { componentVariable: variables.map((each) => nameOf(each)) as ReportedVariables }),
    }),
  ],
  'set-monitoring-base': ({ base }, _, numbers) => [
    call('SetMonitoringBase', { monitoringBase: base }),
    call('GetMonitoringReport', { requestId: numbers.next() }),
  ],
  'set-monitoring-level': ({ severity }) => [call('SetMonitoringLevel', { severity })],
  'list-display-messages': ({ messageIds, priority, state }, _, numbers) => [
    call('GetDisplayMessages', {
      requestId: numbers.next(),
      ...(messageIds === undefined ? {} : { id: [...new Set(messageIds)] as [number, ...number[]] }),
      ...(priority === undefined ? {} : { priority }),
      ...(state === undefined ? {} : { state }),
    }),
  ],
  'set-network-profile': ({ slot, url, securityProfile, interface: ocppInterface, messageTimeoutSeconds, password }, { version }) => [
    call('SetNetworkProfile', {
      configurationSlot: slot,
      connectionData: {
        // OCPP 2.0.1 has to be told which version and transport; they are what the station speaks already.
        ocppVersion: version === '2.1' ? 'OCPP21' : 'OCPP20',
        ocppTransport: 'JSON',
        ocppCsmsUrl: url,
        messageTimeout: messageTimeoutSeconds ?? MESSAGE_TIMEOUT_SECONDS,
        securityProfile,
        ocppInterface,
        ...(password === undefined ? {} : { basicAuthPassword: password }),
      },
    }),
  ],
  'list-event-streams': () => [call('GetPeriodicEventStream', {})],
  'adjust-event-stream': ({ streamId, ...pace }) => [call('AdjustPeriodicEventStream', { id: streamId, params: paceOf(pace) })],
  'request-battery-swap': ({ token }, _, numbers) => [call('RequestBatterySwap', { requestId: numbers.next(), idToken: idTokenOf(token) })],
  'web-payment-started': ({ evseId, timeoutSeconds }) => [call('NotifyWebPaymentStarted', { evseId, timeout: timeoutSeconds })],
  'set-default-tariff': ({ evseId = WHOLE_STATION, tariff }) => [call('SetDefaultTariff', { evseId, tariff: tariff as Tariff })],
  'read-tariffs': ({ evseId = WHOLE_STATION }) => [call('GetTariffs', { evseId })],
  'clear-tariffs': ({ evseId, tariffIds }) => [
    call('ClearTariffs', {
      ...(evseId === undefined ? {} : { evseId }),
      ...(tariffIds === undefined ? {} : { tariffIds: [...new Set(tariffIds)] as [string, ...string[]] }),
    }),
  ],
  'change-transaction-tariff': ({ transactionId, tariff }) => [
    call('ChangeTransactionTariff', { transactionId, tariff: tariff as Tariff }),
  ],
  'publish-firmware': ({ location, checksum }, _, numbers) => [call('PublishFirmware', { requestId: numbers.next(), location, checksum })],
  'unpublish-firmware': ({ checksum }) => [call('UnpublishFirmware', { checksum })],
  'read-transaction-status': ({ transactionId }) => [call('GetTransactionStatus', transactionId === undefined ? {} : { transactionId })],
  'customer-information': ({ report, clear, token, customerIdentifier, certificate }, _, numbers) => {
    // OCPP 2.0.1 N09.FR.04 and N10.FR.01.
    const named = [token, customerIdentifier, certificate].filter((each) => each !== undefined);
    if (named.length !== 1) throw new Problem('invalid', 'the customer is named by a token, an identifier or a certificate');
    if (!report && !clear) throw new Problem('invalid', 'nothing is asked: neither to report nor to clear');
    return [
      call('CustomerInformation', {
        requestId: numbers.next(),
        report,
        clear,
        ...(token === undefined ? {} : { idToken: idTokenOf(token) }),
        ...(customerIdentifier === undefined ? {} : { customerIdentifier }),
        ...(certificate === undefined ? {} : { customerCertificate: certificate }),
      }),
    ];
  },
  'transfer-data': ({ vendorId, messageId, data }) => [
    call('DataTransfer', {
      vendorId,
      ...(messageId === undefined ? {} : { messageId }),
      // Any JSON, also text (OCPP 2.1 DataTransferRequest); the generated type says object.
      ...(data === undefined ? {} : { data: data as Record<string, never> }),
    }),
  ],
};

function paceOf({ intervalSeconds, values }: { readonly intervalSeconds?: number; readonly values?: number }) {
  return {
    ...(intervalSeconds === undefined ? {} : { interval: intervalSeconds }),
    ...(values === undefined ? {} : { values }),
  };
}
