// What the gateway counts, each figure with its name and help in one place.
import type { Metrics } from '@evenkeel/service';
import { routeOf } from '../calls/routes';
import type { SpokenVersion } from '../connection/station';

export type BadFrame =
  | 'malformed'
  | 'ignored'
  | 'answers-nothing'
  | 'late-answer'
  | 'answer-not-processed'
  | 'binary'
  | 'too-large'
  | 'too-many-waiting'
  | 'slow-reader'
  | 'broken-socket';

export class GatewayMetrics {
  private readonly connections: Record<SpokenVersion, number> = { '1.6': 0, '2.0.1': 0, '2.1': 0 };

  constructor(private readonly metrics: Metrics) {}

  connected(version: SpokenVersion, change: 1 | -1): void {
    this.connections[version] += change;
    this.metrics.gauge('evenkeel_gateway_connections', 'Connected stations by OCPP version', this.connections[version], { version });
  }

  /** @param result `admitted`, or why not. */
  upgraded(result: string): void {
    this.metrics.count('evenkeel_gateway_upgrades_total', 'WebSocket upgrades by result', { result });
  }

  tlsFailed(reason: string): void {
    this.metrics.count('evenkeel_gateway_tls_failures_total', 'TLS handshakes that failed, by reason', { reason });
  }

  replaced(): void {
    this.metrics.count('evenkeel_gateway_replaced_total', 'Connections replaced by a newer one of the same station');
  }

  repeated(): void {
    this.metrics.count('evenkeel_gateway_answers_repeated_total', 'CALLs that were answered before and got the same answer again');
  }

  identityFight(): void {
    this.metrics.count('evenkeel_gateway_identity_fights_total', 'Stations replaced from different addresses many times within a minute');
  }

  badFrame(reason: BadFrame): void {
    this.metrics.count('evenkeel_gateway_bad_frames_total', 'Frames that could not be used, by reason', { reason });
  }

  /** @param outcome `answered`, `heard` for a SEND, or the code of the CALLERROR. */
  called(version: SpokenVersion, action: string, outcome: string, seconds: number): void {
    // Stations may make up any name; each would be a series of its own.
    const known = routeOf(version, action) ? action : 'other';
    this.metrics.count('evenkeel_gateway_calls_total', 'CALLs of stations by action and outcome', { version, action: known, outcome });
    this.metrics.observeSeconds('evenkeel_gateway_answer_seconds', 'From the turn of a CALL to its answer', seconds);
  }

  /** @param outcome `answered`, `refused`, `timeout`, or the code of the problem. */
  commanded(outcome: string): void {
    this.metrics.count('evenkeel_gateway_commands_total', 'Commands to stations by outcome', { outcome });
  }

  confirmed(facts: number, seconds: number): void {
    this.metrics.count('evenkeel_gateway_batches_total', 'Confirmed batches of facts');
    this.metrics.count('evenkeel_gateway_facts_total', 'Facts in confirmed batches', {}, facts);
    this.metrics.observeSeconds('evenkeel_gateway_publish_seconds', 'From sending a batch of facts to its confirmation', seconds);
  }

  failed(facts: number): void {
    this.metrics.count('evenkeel_gateway_unconfirmed_facts_total', 'Facts that the broker did not confirm', {}, facts);
  }
}
