// Writes down what happens to the security of stations. Refusals are limited: whoever tries passwords must not fill the event store.
import { idOf, type SecurityEvent } from '@evenkeel/contracts';
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import type { Log, Metrics } from '@evenkeel/service';
import {
  isCritical,
  isKnownType,
  type SecurityEventRecorded,
  type SecurityLogState,
  securityCodec,
  securityLog,
  securityStreamPrefix,
} from './security-event';

/** One refusal of a kind and station in this time; those between are counted. */
const ONE_REFUSAL_IN_MS = 60_000;
/** OCPP SecurityEventNotification.techInfo. */
const LONGEST_TECH_INFO = 255;
/** Kinds and stations that are limited at once. */
const MOST_LIMITED = 10_000;

export class SecurityDesk {
  private readonly logs: StreamHandler<SecurityLogState, SecurityEvent, SecurityEventRecorded>;
  private readonly refusals = new Map<string, { untilMs: number; suppressed: number }>();

  constructor(
    store: EventStore,
    sealer: Pick<Sealer, 'append'>,
    private readonly metrics: Pick<Metrics, 'count'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    this.logs = new StreamHandler({ store, decider: securityLog, codec: securityCodec, sealer, cachedStates: 1_000 });
  }

  /** What a station tells (OCPP SecurityEventNotification); durable when it returns. @param cause id of the message. */
  async recordSecurityEvent(
    { stationId, type, at, receivedAt, techInfo }: Pick<SecurityEvent, 'stationId' | 'type' | 'at' | 'receivedAt' | 'techInfo'>,
    cause: string,
  ): Promise<void> {
    const critical = isCritical(type);
    const about = techInfo === undefined ? {} : { techInfo };
    await this.record({ stationId, type, critical, source: 'station', at, receivedAt, ...about }, cause);
  }

  /**
   * What was refused to somebody who calls himself this station.
   * @param reason one of few: refusals are limited by it.
   * @param about whom, as far as that is known: he may make up any number of these.
   */
  async recordRefusal(
    stationId: string,
    { type, reason, about }: { readonly type: string; readonly reason: string; readonly about: string },
    at: Date,
    cause: string,
  ): Promise<void> {
    const key = JSON.stringify([stationId.toLowerCase(), type, reason]);
    const limited = this.refusals.get(key);
    if (limited && limited.untilMs > at.getTime()) {
      limited.suppressed += 1;
      return;
    }
    const suppressed = limited?.suppressed ?? 0;
    this.refusals.delete(key);
    this.refusals.set(key, { untilMs: at.getTime() + ONE_REFUSAL_IN_MS, suppressed: 0 });
    const [oldest] = this.refusals.keys();
    if (this.refusals.size > MOST_LIMITED && oldest !== undefined) this.refusals.delete(oldest);
    const receivedAt = at.toISOString();
    const techInfo = `${reason}${about}`.slice(0, LONGEST_TECH_INFO);
    const more = suppressed === 0 ? {} : { suppressed };
    await this.record(
      { stationId, type, critical: isCritical(type), source: 'back-end', at: receivedAt, receivedAt, techInfo, ...more },
      cause,
    );
  }

  private async record(event: SecurityEvent, cause: string): Promise<void> {
    const { stationId, type, critical, source } = event;
    await this.logs.handle(`${securityStreamPrefix}${idOf('station', stationId.toLowerCase())}`, event, { cause });
    // Stations may make up any name; each would be a series of its own.
    const labels = { type: isKnownType(type) ? type : 'other', source, critical: String(critical) };
    this.metrics.count('evenkeel_registry_security_events_total', 'Security events by type, source and whether they are critical', labels);
    if (critical) this.log.warn({ stationId, type, source }, 'a critical security event');
  }
}
