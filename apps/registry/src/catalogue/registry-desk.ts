// Takes what operators and stations tell of stations, places and prices to its streams, and shows an operator's own write back to that operator.
import {
  idOf,
  type Location,
  type Station,
  type StationChange,
  type StationFact,
  type StationRegistration,
  type Tariff,
} from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Position, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import {
  type LiveFact,
  type LiveStationEvent,
  type LiveStationState,
  liveStation,
  liveStationCodec,
  liveStationStreamPrefix,
} from '../station/live-station';
import { type PasswordHash, passwordHashes } from '../station/password';
import {
  type StationCommand,
  type StationEvent,
  type StationRejection,
  type StationState,
  station,
  stationCodec,
} from '../station/station';
import { refusedStation, stationStream } from '../station/station-desk';
import type { RegistryTables } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { type AnyDocumentEvent, catalogue, type Documents, documentCodec, documentStream, type Kind, type PutDocument } from './catalogue';
import { refuseErrors } from './tariff-care';

export class RegistryDesk {
  private readonly stations: StreamHandler<StationState, StationCommand, StationEvent, StationRejection>;
  private readonly liveStations: StreamHandler<LiveStationState, LiveFact, LiveStationEvent>;
  private readonly documents: StreamHandler<{ document?: Documents[Kind] }, PutDocument, AnyDocumentEvent>;

  constructor(
    store: EventStore,
    private readonly projector: Projector<RegistryTables>,
    private readonly view: StationView,
    private readonly stationKeySecret: string,
  ) {
    this.stations = new StreamHandler({ store, decider: station, codec: stationCodec });
    this.liveStations = new StreamHandler({ store, decider: liveStation, codec: liveStationCodec, likelyFirst: () => true });
    this.documents = new StreamHandler({ store, decider: catalogue, codec: documentCodec, cachedStates: 1_000 });
  }

  async registerStation({ password, ...registration }: StationRegistration, context: CommandContext): Promise<Station> {
    const registered = {
      versions: ['1.6' as const, '2.0.1' as const, '2.1' as const],
      securityProfile: 1,
      registration: 'accepted' as const,
      ...registration,
    };
    return this.commandStation(
      registration.stationId,
      { kind: 'register', station: registered, passwordHashes: this.hashes(password) ?? [] },
      context,
    );
  }

  async changeStation(stationId: string, { password, ...change }: StationChange, context: CommandContext): Promise<Station> {
    const hashes = this.hashes(password);
    return this.commandStation(stationId, { kind: 'change', change, ...(hashes ? { passwordHashes: hashes } : {}) }, context);
  }

  async putLocation(location: Location, context: CommandContext): Promise<Location> {
    await this.put(documentStream('location', location.party, location.locationId), { kind: 'location', document: location }, context);
    return location;
  }

  /**
   * A changed tariff is a new version, in force for sessions that start from now on.
   * @throws Problem for one that contradicts itself.
   */
  async putTariff(tariff: Tariff, context: CommandContext): Promise<Tariff> {
    refuseErrors(tariff);
    const stream = documentStream('tariff', `${tariff.countryCode}-${tariff.partyId}`, tariff.id);
    return (await this.put(stream, { kind: 'tariff', document: tariff }, context)) as Tariff;
  }

  async recordFact(fact: StationFact): Promise<void> {
    switch (fact.kind) {
      case 'station-booted': {
        const { stationId, at, vendor, model, serialNumber, firmwareVersion } = fact;
        const boot = {
          stationId,
          at,
          vendor,
          model,
          ...(serialNumber ? { serialNumber } : {}),
          ...(firmwareVersion ? { firmwareVersion } : {}),
        };
        await this.stations.handle(stationStream(stationId), { kind: 'boot', boot }, { cause: fact.factId });
        return;
      }
      case 'station-connection-changed':
      case 'connector-status-reported':
        await this.liveStations.handle(liveStationStream(fact.stationId), fact, { cause: fact.factId });
    }
  }

  private async commandStation(stationId: string, command: StationCommand, context: CommandContext): Promise<Station> {
    const handled = await this.stations.handle(stationStream(stationId), command, context);
    if (!handled.accepted) throw refusedStation(handled.rejection, stationId);
    await this.shown(handled.position);
    return this.view.get(stationId);
  }

  private async put(stream: string, command: PutDocument, context: CommandContext): Promise<Documents[Kind]> {
    const handled = await this.documents.handle(stream, command, context);
    if (handled.accepted) await this.shown(handled.position);
    return handled.state.document ?? command.document;
  }

  /** An operator's list must hold what that operator has just written. */
  private async shown(position: Position | undefined): Promise<void> {
    if (position !== undefined) await this.projector.reached(position);
  }

  private hashes(password: string | undefined): PasswordHash[] | undefined {
    return password === undefined ? undefined : passwordHashes(password, this.stationKeySecret);
  }
}

function liveStationStream(stationId: string): string {
  return `${liveStationStreamPrefix}${idOf('station', stationId.toLowerCase())}`;
}
