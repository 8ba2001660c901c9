// The streams whose events the registry chains and seals: a security log that can be changed unseen is none.
import type { SealedStreams } from '@evenkeel/service';
import { securityStreamPrefix } from './security/security-event';

export const registrySeals: SealedStreams = { name: 'registry', streamPrefixes: [securityStreamPrefix] };
