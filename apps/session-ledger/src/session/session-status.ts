// What a session's state means to a person who looks at it.
import type { SessionListStatus } from '@evenkeel/contracts';
import type { SessionState } from './session';

export function statusOf(state: SessionState): SessionListStatus {
  if (state.mergedInto !== undefined) return 'merged';
  if (state.denied) return 'denied';
  if (state.quarantined !== undefined) return 'quarantined';
  if (state.billed !== undefined) return 'completed';
  if (state.said === undefined && state.strayed) return 'stray';
  if (state.awaited !== undefined || state.closure !== undefined || state.said?.status === 'completed') return 'ended';
  return state.said === undefined ? 'pending' : 'active';
}
