// How far behind each partner is and whether its circuit is open, as metrics. The replica that pushes tells it, and no other: a partner would
// otherwise be behind as often as there are replicas.
import type { Log, Metrics, Reading } from '@evenkeel/service';
import type { DeliveryCare } from '../delivery/delivery-care';
import type { Lease } from '../lease';
import type { TrafficView } from '../traffic/traffic-view';
import { lagSeconds } from './partner-directory';
import type { PartnerView } from './partner-view';

const LOOK_EVERY_MS = 10_000;
const circuitValues = { open: 0, probing: 1, paused: 2 } as const;

export class PartnerGauges {
  private lags: Reading[] = [];
  private circuits: Reading[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly partners: PartnerView,
    private readonly care: Pick<DeliveryCare, 'oldestDue'>,
    private readonly traffic: Pick<TrafficView, 'circuits'>,
    private readonly lease: Lease,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    const labels = ['partner'];
    metrics.observe(
      'evenkeel_ocpi_push_lag_seconds',
      'For how long the oldest delivery to a partner has been due',
      labels,
      () => this.lags,
    );
    metrics.observe('evenkeel_ocpi_circuit', 'Pushes to a partner: 0 open, 1 probing, 2 paused', labels, () => this.circuits);
  }

  start(): void {
    const look = () => {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
    };
    look();
    this.timer = setInterval(look, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      if (!(await this.lease.hold())) {
        [this.lags, this.circuits] = [[], []];
        return;
      }
      const [partners, oldestDue, circuits] = await Promise.all([
        this.partners.registered(),
        this.care.oldestDue(),
        this.traffic.circuits(),
      ]);
      const nowMs = Date.now();
      this.lags = partners.map((partner) => ({ labels: { partner: partner.name }, value: lagSeconds(partner, oldestDue, nowMs) }));
      this.circuits = partners.map(({ partnerId, name }) => ({
        labels: { partner: name },
        value: circuitValues[circuits.get(partnerId)?.state ?? 'open'],
      }));
    } catch (error) {
      this.log.warn({ error }, 'how partners fare could not be looked up');
    }
  }
}
