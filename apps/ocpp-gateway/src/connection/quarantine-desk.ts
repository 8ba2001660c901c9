// Records what a station reports before it is accepted. It happened all the same, so its fact is kept; the mark tells whoever reads it that the
// station had not been let in, and that it was told SecurityError and may say the same again.
import type { StationFact } from '@evenkeel/contracts';
import { CallDesk } from '../calls/call-desk';

export const BEFORE_ACCEPTANCE = 'beforeAcceptance';

export class QuarantineDesk extends CallDesk {
  override record(fact: StationFact, weight: number): Promise<void> {
    return super.record({ ...fact, deviations: [...(fact.deviations ?? []), BEFORE_ACCEPTANCE] }, weight);
  }
}
