// What an operator can want of a station whose vehicles feed back and serve the grid (OCPP 2.1 blocks Q and R).
import { Type } from '@sinclair/typebox';
import { operation } from './operation-parameters';
import { Instant } from './values';

const EnergyTransfer = Type.Union([
  Type.Literal('AC_single_phase'),
  Type.Literal('AC_two_phase'),
  Type.Literal('AC_three_phase'),
  Type.Literal('DC'),
  Type.Literal('AC_BPT'),
  Type.Literal('AC_BPT_DER'),
  Type.Literal('AC_DER'),
  Type.Literal('DC_BPT'),
  Type.Literal('DC_ACDP'),
  Type.Literal('DC_ACDP_BPT'),
  Type.Literal('WPT'),
]);
const controlTypes = [
  'EnterService',
  'FreqDroop',
  'FreqWatt',
  'FixedPFAbsorb',
  'FixedPFInject',
  'FixedVar',
  'Gradients',
  'HFMustTrip',
  'HFMayTrip',
  'HVMustTrip',
  'HVMomCess',
  'HVMayTrip',
  'LimitMaxDischarge',
  'LFMustTrip',
  'LVMustTrip',
  'LVMomCess',
  'LVMayTrip',
  'PowerMonitoringMustTrip',
  'VoltVar',
  'VoltWatt',
  'WattPF',
  'WattVar',
] as const;
const ControlType = Type.Union(controlTypes.map((each) => Type.Literal(each)));
const ControlId = Type.String({ minLength: 1, maxLength: 36 });

export const derOperations = {
  'signal-frequency-reserve': operation(
    'Pass on a signal of the automatic frequency restoration reserve',
    { timestamp: Instant, signal: Type.Integer() },
    { timestamp: '2026-12-01T10:00:00.000Z', signal: 20 },
  ),
  'allow-energy-transfer': operation(
    'Say which ways of charging and discharging a transaction may use',
    { transactionId: ControlId, allowed: Type.Array(EnergyTransfer, { minItems: 1 }) },
    { transactionId: '1042', allowed: ['AC_three_phase', 'AC_BPT'] },
  ),
  'set-der-control': operation(
    'Set a control of the grid connection',
    {
      controlType: ControlType,
      isDefault: Type.Boolean({ description: 'Holds while no other control of the type does' }),
      controlId: Type.Optional(ControlId),
      settings: Type.Record(Type.String(), Type.Unknown(), { description: 'The object that OCPP 2.1 SetDERControl has for the type' }),
    },
    { controlType: 'FixedVar', isDefault: true, settings: { priority: 1, setpoint: 10, unit: 'PctMaxVar' } },
  ),
  'clear-der-control': operation(
    'Take back one control, or those of a type, or all',
    { isDefault: Type.Boolean(), controlType: Type.Optional(ControlType), controlId: Type.Optional(ControlId) },
    { isDefault: true, controlType: 'FixedVar' },
  ),
  'read-der-controls': operation(
    'Ask the station which controls it has',
    { isDefault: Type.Optional(Type.Boolean()), controlType: Type.Optional(ControlType), controlId: Type.Optional(ControlId) },
    { isDefault: true },
  ),
};
