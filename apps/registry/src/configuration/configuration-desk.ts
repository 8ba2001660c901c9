// Brings stations in step with templates, when somebody says so or when they boot, and tells which of them differ.
import { type ConfigurationTemplate, idOf, Problem, type Reply, type Request, type StationFactOf } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import { MASK, withoutSecrets } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import type { FleetDesk } from '../fleet/fleet-desk';
import type { FleetView } from '../fleet/fleet-view';
import { isMeant } from '../fleet/station-filter';
import type { Document } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { driftOf } from './drift';
import type { DriftView } from './drift-view';

type Variable = ConfigurationTemplate['variables'][number];

export interface ConfigurationDeskParts {
  readonly commands: Pick<CommandDesk, 'operate'>;
  readonly mirror: Pick<MirrorDesk, 'knownOf'>;
  readonly stations: Pick<StationView, 'find' | 'connected' | 'rowsAfter'>;
  readonly fleet: Pick<FleetView, 'all' | 'get'>;
  readonly plans: Pick<FleetDesk, 'put'>;
  readonly drifts: Pick<DriftView, 'documentsOf'>;
  readonly log: Log;
}

const STATIONS_AT_ONCE = 5;
const DEFAULT_PAGE = 100;
const STATIONS_READ_AT_ONCE = 200;
/** A page may be short where few stations have the status that is asked for. */
const STATIONS_READ_AT_MOST = 2_000;

export class ConfigurationDesk {
  constructor(private readonly parts: ConfigurationDeskParts) {}

  /** @throws Problem for a variable whose value nobody may keep. */
  async put(template: ConfigurationTemplate, context: CommandContext): Promise<ConfigurationTemplate> {
    const secret = template.variables.find(isSecret);
    if (secret !== undefined) throw new Problem('invalid', `${secret.variable} is a secret, which is in no template`);
    return this.parts.plans.put({ kind: 'configuration-template', planId: template.templateId, document: template }, context);
  }

  /** Answers at once; what becomes of it is seen in the commands, and in the drift. */
  async apply({ templateId, stationIds }: Request<'applyTemplate'>, context: CommandContext): Promise<Reply<'applyTemplate'>> {
    const template = await this.parts.fleet.get('configuration-template', templateId);
    const named = stationIds && new Set(stationIds.map((id) => id.toLowerCase()));
    const meant = (await this.parts.stations.connected()).filter(
      (station) => isMeant(template.stations, station) && (named === undefined || named.has(station.station_key)),
    );
    void this.applyToAll(template, meant, context);
    return { stations: meant.map(({ registered }) => registered.stationId) };
  }

  /** A station may have lost what it was told: what it has is read first. */
  async booted(fact: StationFactOf<'station-booted'>): Promise<void> {
    const templates = (await this.parts.fleet.all('configuration-template')).filter(({ applyAtBoot }) => applyAtBoot);
    if (templates.length === 0) return;
    const station = await this.parts.stations.find(fact.stationId);
    if (!station) return;
    // The table may still show what the station was before.
    const variables = templates.filter(({ stations }) => isMeant(stations, { ...station, boot: fact })).flatMap((each) => each.variables);
    if (variables.length === 0) return;
    await this.attempt(fact.stationId, async () => {
      const { stationId, factId } = fact;
      const asked = variables.map(({ value: _, ...name }) => name);
      await this.parts.commands.operate(stationId, 'read-configuration', { variables: asked }, { cause: idOf('template-read', factId) });
      await this.set(stationId, variables, ['differing'], { cause: idOf('template', factId) });
    });
  }

  async drift({ templateId, status, after = '', limit = DEFAULT_PAGE }: Request<'templateDrift'>): Promise<Reply<'templateDrift'>> {
    const template = await this.parts.fleet.get('configuration-template', templateId);
    const items: Reply<'templateDrift'>['items'] = [];
    let last = after;
    for (let read = 0; read < STATIONS_READ_AT_MOST; read += STATIONS_READ_AT_ONCE) {
      const rows = await this.parts.stations.rowsAfter(last, STATIONS_READ_AT_ONCE);
      const meant = rows.filter((row) => isMeant(template.stations, row));
      const documents = await this.parts.drifts.documentsOf(meant, template);
      for (const { station_key: key, registered } of meant) {
        const found = driftOf(registered.stationId, template, (kind, item) => documents.get(JSON.stringify([key, kind, item])));
        if (status !== undefined && found.status !== status) continue;
        if (items.length === limit) return { items, next: last };
        items.push(found);
        last = key;
      }
      if (rows.length < STATIONS_READ_AT_ONCE) return { items };
      last = rows.at(-1)?.station_key ?? last;
    }
    return { items, next: last };
  }

  private async applyToAll(template: ConfigurationTemplate, stations: readonly StationRow[], { cause, ...context }: CommandContext) {
    const queue = stations[Symbol.iterator]();
    const worker = async () => {
      for (const { registered } of queue) {
        const own = { ...context, cause: idOf(cause, registered.stationId.toLowerCase()) };
        await this.attempt(registered.stationId, () =>
          this.set(registered.stationId, template.variables, ['differing', 'unknown', 'refused'], own),
        );
      }
    };
    await Promise.all(Array.from({ length: STATIONS_AT_ONCE }, worker));
  }

  private async set(stationId: string, variables: readonly Variable[], which: readonly string[], context: CommandContext): Promise<void> {
    const known = await this.parts.mirror.knownOf(stationId);
    const lookup = (kind: string, key: string): Document | undefined => known.get(kind, key);
    const { variables: drifts } = driftOf(stationId, { variables: [...variables] }, lookup);
    const wanted = variables.filter((_, index) => which.includes(drifts[index]?.status ?? ''));
    if (wanted.length > 0) await this.parts.commands.operate(stationId, 'configure', { variables: wanted }, context);
  }

  /** A station that is gone by then boots again, or is asked again. */
  private async attempt(stationId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem) this.parts.log.info({ stationId, reason: error.message }, 'a station was not configured');
      else this.parts.log.error({ stationId, error }, 'a station could not be configured');
    }
  }
}

function isSecret({ variable }: Variable): boolean {
  const { attributeValue } = withoutSecrets({ variable: { name: variable }, attributeValue: 'value' }) as { attributeValue: string };
  return attributeValue === MASK;
}
