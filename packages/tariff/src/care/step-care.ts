// Steps that bill more than a driver expects (OCPI 2.2.1 mod_tariffs PriceComponent `step_size`, mod_cdrs).
import { Decimal } from '@evenkeel/money';
import type { ComponentType, Tariff } from '../tariff';
import { componentPath, elementPath, type Finding } from './finding';
import { reachableComponents } from './reach';

const WH_PER_KWH = 1000;
const SECONDS_PER_MINUTE = 60;

export function stepFindings(tariff: Tariff): Finding[] {
  const large = tariff.elements.flatMap(({ priceComponents }, elementIndex) =>
    priceComponents.flatMap(({ type, stepSize, price }, componentIndex): Finding[] => {
      if (Decimal.parse(price).isZero) return [];
      const path = `${componentPath(elementIndex, componentIndex)}.stepSize`;
      return ofStep(type, stepSize, path);
    }),
  );
  const differing = (['ENERGY', 'TIME', 'PARKING_TIME'] as const).flatMap((type) => stepsDiffer(tariff, type));
  return [...large, ...differing];
}

function ofStep(type: ComponentType, stepSize: number, path: string): Finding[] {
  if (type === 'ENERGY' && stepSize >= WH_PER_KWH) {
    const message =
      `Energy is billed in steps of ${stepSize / WH_PER_KWH} kWh: a session pays for up to that much more than it took. The step is in Wh; ` +
      'use 1 to bill what was measured.';
    return [{ code: 'large_step', severity: 'warning', path, message }];
  }
  if (type === 'TIME' && stepSize > SECONDS_PER_MINUTE) {
    const message = `Charging time is billed in steps of ${stepSize} s, each begun one in full. The step is in seconds; use 60 to bill by the minute.`;
    return [{ code: 'large_step', severity: 'warning', path, message }];
  }
  // OCPI requires a step for every component, and 1 is what everybody writes for FLAT.
  if (type !== 'FLAT' || stepSize <= 1) return [];
  return [{ code: 'step_without_meaning', severity: 'notice', path, message: `A flat fee has no step: ${stepSize} has no effect. Use 1.` }];
}

/** Rounding happens once a session, by the step of the component that came last. */
function stepsDiffer(tariff: Tariff, type: ComponentType): Finding[] {
  const used = reachableComponents(tariff, type).map(({ elementIndex, componentIndex }) => ({
    elementIndex,
    step: tariff.elements[elementIndex]?.priceComponents[componentIndex]?.stepSize ?? 0,
  }));
  if (new Set(used.map(({ step }) => step)).size < 2) return [];
  const steps = used.map(({ elementIndex, step }) => `${elementPath(elementIndex)}: ${step}`).join(', ');
  const message =
    `The steps of ${type} differ between elements (${steps}). The whole session is rounded once, by the step of the element that applies last. ` +
    'Use one step everywhere.';
  return [{ code: 'steps_differ', severity: 'notice', path: 'elements', message }];
}
