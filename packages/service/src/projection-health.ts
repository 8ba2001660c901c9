// Makes projections visible. A service is not ready before its tables may be read. A projection that stands still later leaves it ready: every
// pod shows the same tables, so taking one away would make nothing fresher and would stop what still works; but the readiness says so in
// its notices, and `evenkeel_projection_hindered_seconds` is there to be alerted on.
import type { GenerationStatus, ProjectionStatus } from '@evenkeel/read-model';
import type { HealthServer } from './health-server';
import type { Metrics } from './metrics';

export function watchProjections(projectors: readonly { status(): ProjectionStatus }[], health: HealthServer, metrics: Metrics): void {
  for (const projector of projectors) {
    const part = `projection ${projector.status().name}`;
    health.require(part, () => {
      const { isReady, generations } = projector.status();
      return isReady ? undefined : generations.map(inWords).join('; ') || 'another pod is at work on it, or the database is silent';
    });
    health.note(part, () => {
      const { isReady, generations } = projector.status();
      const worthSaying = generations.filter(({ role, hindrance }) => role === 'building' || hindrance);
      return isReady && worthSaying.length > 0 ? worthSaying.map(inWords).join('; ') : undefined;
    });
  }
  const figures = (figure: (generation: GenerationStatus) => number) => () =>
    projectors.flatMap((projector) => {
      const { name, version, generations } = projector.status();
      return generations.map((each) => ({
        labels: { projection: name, version: String(version), generation: String(each.generation), role: each.role },
        value: figure(each),
      }));
    });
  const labels = ['projection', 'version', 'generation', 'role'];
  const behind = 'How far a projection is from the end of the event store: events of all kinds, or bytes of EventStoreDB’s log';
  metrics.observe(
    'evenkeel_projection_behind',
    behind,
    labels,
    figures(({ behind: distance }) => distance),
  );
  const hindered = 'For how long a projection has not got on; 0 while it does';
  metrics.observe(
    'evenkeel_projection_hindered_seconds',
    hindered,
    labels,
    figures(({ hindrance }) => hindrance?.seconds ?? 0),
  );
}

function inWords({ generation, role, behind, hindrance }: GenerationStatus): string {
  const what = `generation ${generation} ${role === 'building' ? 'is being built' : 'serves'}, ${behind} behind the end of the event store`;
  return hindrance ? `${what}, and has not got on for ${hindrance.seconds.toFixed(0)} s: ${hindrance.reason}` : what;
}
