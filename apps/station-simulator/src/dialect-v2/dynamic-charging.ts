// Dynamic schedules, priority charging and bidirectional charging of OCPP 2.1 (K21, K28, Q).
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

export function dynamicChargingCommands(host: StationHost) {
  return {
    UpdateDynamicSchedule({ chargingProfileId, scheduleUpdate }) {
      return { answer: { status: host.profiles.adjust(chargingProfileId, scheduleUpdate.limit) ? 'Accepted' : 'Rejected' } };
    },
    UsePriorityCharging({ transactionId, activate }) {
      const session = host.sessionOf(transactionId);
      if (session === undefined) return { answer: { status: 'Rejected' } };
      if (!host.profiles.has(session.plan.connectorId, 'PriorityCharging')) return { answer: { status: 'NoProfile' } };
      session.hasPriority = activate;
      return { answer: { status: 'Accepted' }, afterwards: () => session.note('ChargingRateChanged') };
    },
    /** The grid's signal is for cars that charge under frequency control now. */
    AFRRSignal() {
      const canFollow = host.busy && host.settings.boolean('V2XChargingCtrlr/Enabled');
      return { answer: { status: canFollow ? 'Accepted' : 'Rejected' } };
    },
    NotifyAllowedEnergyTransfer({ transactionId, allowedEnergyTransfer }) {
      const session = host.sessionOf(transactionId);
      if (session === undefined) return { answer: { status: 'Rejected' } };
      const needs = {
        evseId: session.plan.connectorId,
        chargingNeeds: { requestedEnergyTransfer: allowedEnergyTransfer[0] },
        timestamp: host.timestamp(),
      };
      return { answer: { status: 'Accepted' }, afterwards: () => host.say('NotifyEVChargingNeeds', needs) };
    },
  } satisfies Handlers2;
}
