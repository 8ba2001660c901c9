// Takes what stations report and answer to what is known of them, and tells what of it decides how a station is asked.
import { idOf } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { StationAbilities } from '../command/wanted-call';
import { chargingKnowledgeOf } from '../smart-charging/charging-knowledge';
import type { StationRow } from '../view/registry-tables';
import type { Known } from './known';
import { type MirrorCommand, type MirrorEvent, type MirrorNews, mirror, mirrorCodec, mirrorStreamPrefix } from './mirror';
import { actualValue } from './variable-value';

/** Stations whose documents stay in memory; an inventory has thousands. */
const CACHED_STATIONS = 200;
/** What a station that has not said takes at a time. */
const VARIABLES_AT_ONCE = 10;

export class MirrorDesk {
  private readonly stations: StreamHandler<Known, MirrorCommand, MirrorEvent>;

  constructor(store: EventStore) {
    this.stations = new StreamHandler({
      store,
      decider: mirror,
      codec: mirrorCodec,
      likelyFirst: () => true,
      cachedStates: CACHED_STATIONS,
    });
  }

  async note(stationId: string, news: MirrorNews, context: CommandContext): Promise<void> {
    await this.stations.handle(streamOf(stationId), { stationId, news }, context);
  }

  async endReservations(stationIds: readonly string[], now: Date): Promise<void> {
    const at = now.toISOString();
    for (const stationId of stationIds) await this.note(stationId, { kind: 'time', at }, { cause: idOf('time', stationId, at) });
  }

  /** Also what other processes have noted. */
  async knownOf(stationId: string): Promise<Known> {
    return (await this.stations.loadNewest(streamOf(stationId))).state;
  }

  async abilitiesOf({ registered: { stationId, evses, securityProfile }, ocpp_version: version }: StationRow): Promise<StationAbilities> {
    const known = await this.knownOf(stationId);
    const is16 = version === '1.6';
    const list = known.get('local-list', 'list')?.versionNumber;
    return {
      version: version ?? '1.6',
      // OCPP 1.6 section 9.1.8 GetConfigurationMaxKeys, and one key a change.
      getVariablesAtOnce: numberOf(known, is16 ? 'OCPP16/GetConfigurationMaxKeys' : 'DeviceDataCtrlr/ItemsPerMessage[GetVariables]'),
      setVariablesAtOnce: is16 ? 1 : numberOf(known, 'DeviceDataCtrlr/ItemsPerMessage[SetVariables]'),
      charging: chargingKnowledgeOf(known, evses, version ?? '1.6'),
      setMonitorsAtOnce: numberOf(known, 'MonitoringCtrlr/ItemsPerMessage[SetVariableMonitoring]'),
      clearMonitorsAtOnce: numberOf(known, 'MonitoringCtrlr/ItemsPerMessage[ClearVariableMonitoring]'),
      localListVersion: typeof list === 'number' && list > 0 ? list : 0,
      networkSlot: networkSlotOf(known),
      securityProfile,
    };
  }
}

function numberOf(known: Known, key: string): number {
  const value = Number(actualValue(known.get('variable', key)));
  return Number.isInteger(value) && value > 0 ? value : VARIABLES_AT_ONCE;
}

/** The slot in use; where the station names none, the first of its order, which it has tried first (OCPP 2.1 NetworkConfigurationPriority). */
function networkSlotOf(known: Known): number | undefined {
  const active = actualValue(known.get('variable', 'OCPPCommCtrlr/ActiveNetworkProfile'));
  const order = actualValue(known.get('variable', 'OCPPCommCtrlr/NetworkConfigurationPriority'));
  const [slot] = String(active ?? order ?? '').split(',');
  return slot === undefined || slot.trim() === '' || !Number.isInteger(Number(slot)) ? undefined : Number(slot);
}

function streamOf(stationId: string): string {
  return `${mirrorStreamPrefix}${idOf('station', stationId.toLowerCase())}`;
}
