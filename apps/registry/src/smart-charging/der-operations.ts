// What an operator wants of a station whose vehicles feed back and serve the grid, as CALLs in the words of OCPP 2.1, the only version that has
// them. Pure.
import { type OperationParameters, Problem } from '@evenkeel/contracts';
import { type Request, requestSchema } from '@evenkeel/ocpp';
import type { NewValues, StationAbilities } from '../command/wanted-call';
import { call, type NeutralWish } from '../command/wanted-call';
import { assertVersion21 } from './charging-operations';

type Wishes = readonly NeutralWish[];
type Control = Request<'2.1', 'SetDERControl'>;

/** Which object of the request has the settings of a type; that of every other type is a curve (OCPP 2.1 R04). */
const SETTINGS_OF: { readonly [T in Control['controlType']]?: keyof Control } = {
  EnterService: 'enterService',
  FixedPFAbsorb: 'fixedPFAbsorb',
  FixedPFInject: 'fixedPFInject',
  FixedVar: 'fixedVar',
  FreqDroop: 'freqDroop',
  Gradients: 'gradient',
  LimitMaxDischarge: 'limitMaxDischarge',
};

export const derOperations = {
  'signal-frequency-reserve': (signal: OperationParameters<'signal-frequency-reserve'>, { version }: StationAbilities): Wishes => {
    assertVersion21(version, 'frequency restoration');
    return [call('AFRRSignal', signal)];
  },
  'allow-energy-transfer': (
    { transactionId, allowed }: OperationParameters<'allow-energy-transfer'>,
    { version, charging }: StationAbilities,
  ): Wishes => {
    assertVersion21(version, 'choice of the energy transfer');
    if (charging.transactions.every((each) => each.transactionId !== transactionId)) {
      throw new Problem('conflict', `no transaction ${transactionId} runs at the station`);
    }
    const allowedEnergyTransfer = allowed as Request<'2.1', 'NotifyAllowedEnergyTransfer'>['allowedEnergyTransfer'];
    return [call('NotifyAllowedEnergyTransfer', { transactionId, allowedEnergyTransfer })];
  },
  'set-der-control': (parameters: OperationParameters<'set-der-control'>, { version }: StationAbilities, numbers: NewValues): Wishes => {
    assertVersion21(version, 'DER controls');
    const { controlType, isDefault, controlId = String(numbers.next()), settings } = parameters;
    const request = { isDefault, controlId, controlType, [SETTINGS_OF[controlType] ?? 'curve']: settings } as Control;
    const violation = requestSchema('2.1', 'SetDERControl')?.explain(request);
    if (violation !== undefined) throw new Problem('invalid', violation.description);
    return [call('SetDERControl', request)];
  },
  'clear-der-control': (criteria: OperationParameters<'clear-der-control'>, { version }: StationAbilities): Wishes => {
    assertVersion21(version, 'DER controls');
    return [call('ClearDERControl', criteria)];
  },
  'read-der-controls': (criteria: OperationParameters<'read-der-controls'>, { version }: StationAbilities, numbers: NewValues): Wishes => {
    assertVersion21(version, 'DER controls');
    return [call('GetDERControl', { ...criteria, requestId: numbers.next() })];
  },
};
