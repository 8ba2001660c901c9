// The streams whose events the ledger chains and seals.
import type { SealedStreams } from '@evenkeel/service';
import { connectorStreamPrefix } from './connector/connector';
import { sessionStreamPrefix } from './session/session-events';

export const ledgerSeals: SealedStreams = { name: 'session-ledger', streamPrefixes: [sessionStreamPrefix, connectorStreamPrefix] };
