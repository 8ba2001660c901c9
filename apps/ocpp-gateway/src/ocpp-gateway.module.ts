// The gateway's wiring: the door -> a connection -> its calls -> facts.
import { IdentityHash } from '@evenkeel/contracts';
import { type Broker, Publisher, RecentAnswers, Requester, StationClaims, TransactionIds } from '@evenkeel/messaging';
import { OcspClient } from '@evenkeel/pki';
import { BROKER, LOG, type Log, Metrics, SETTINGS } from '@evenkeel/service';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SayFact } from './announce/say-fact';
import { CallDesk } from './calls/call-desk';
import { routeOf } from './calls/routes';
import { CommandDesk } from './commands/command-desk';
import type { GatewaySettings } from './config';
import { AdmissionDesk } from './connection/admission';
import { AnswerMemory } from './connection/answer-memory';
import { BootSpread } from './connection/boot-spread';
import { ClientCertificates } from './connection/client-certificates';
import { ConnectionAnnouncer } from './connection/connection-announcer';
import type { ConnectionLimits, ConnectionParts } from './connection/connection-parts';
import { DoorKeeper } from './connection/door-keeper';
import { Doors } from './connection/doors';
import { FailedHandshakes } from './connection/failed-handshakes';
import { Generations } from './connection/generations';
import { IdentityFights } from './connection/identity-fights';
import { LiveStations } from './connection/live-stations';
import { QuarantineDesk } from './connection/quarantine-desk';
import { StationConnection } from './connection/station-connection';
import { KnownMakes } from './connection/station-make';
import { StationServer } from './connection/station-server';
import { ToldTime } from './connection/told-time';
import { GatewayMetrics } from './metrics/gateway-metrics';
import { FrameLog } from './trace/frame-log';
import { StationTraces } from './trace/station-traces';
import { TraceDesk } from './trace/trace-desk';

type DeskParts = [facts: SayFact, services: Requester<'ocpp-gateway'>, broker: Broker, settings: GatewaySettings];

function deskOf(...[facts, services, broker, settings]: DeskParts): ConstructorParameters<typeof CallDesk> {
  const intervals = {
    heartbeatSeconds: settings.HEARTBEAT_INTERVAL_SECONDS,
    bootRetrySeconds: settings.BOOT_RETRY_SECONDS,
    costEverySeconds: settings.COST_EVERY_SECONDS,
  };
  return [facts, services, new TransactionIds(broker), new IdentityHash(settings.IDENTITY_SECRET), intervals];
}

/** A station waits for its upgrade meanwhile. */
const OCSP_TIMEOUT_MS = 3_000;
/** One a station, some 1 kB each. */
const KEPT_OCSP_ANSWERS = 20_000;

@Module({
  providers: [
    { provide: GatewayMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new GatewayMetrics(metrics) },
    {
      provide: SayFact,
      inject: [Publisher, GatewayMetrics],
      useFactory: (publisher: Publisher<'ocpp-gateway'>, metrics: GatewayMetrics) => new SayFact(publisher, metrics),
    },
    {
      provide: CallDesk,
      inject: [SayFact, Requester, BROKER, SETTINGS],
      useFactory: (...parts: DeskParts) => new CallDesk(...deskOf(...parts)),
    },
    {
      provide: QuarantineDesk,
      inject: [SayFact, Requester, BROKER, SETTINGS],
      useFactory: (...parts: DeskParts) => new QuarantineDesk(...deskOf(...parts)),
    },
    {
      provide: AdmissionDesk,
      inject: [Requester, SETTINGS],
      useFactory: (registry: Requester<'ocpp-gateway'>, settings: GatewaySettings) => new AdmissionDesk(registry, settings.OCPP_PATH),
    },
    {
      provide: CommandDesk,
      inject: [BROKER, GatewayMetrics, LOG],
      useFactory: (broker: Broker, metrics: GatewayMetrics, log: Log) => new CommandDesk(broker, metrics, log),
    },
    {
      provide: AnswerMemory,
      inject: [BROKER, LOG, SETTINGS],
      useFactory: (broker: Broker, log: Log, settings: GatewaySettings) =>
        new AnswerMemory(new RecentAnswers(broker), new IdentityHash(settings.IDENTITY_SECRET), log),
    },
    {
      provide: TraceDesk,
      inject: [BROKER, LOG, SETTINGS],
      useFactory: (broker: Broker, log: Log, settings: GatewaySettings) =>
        new TraceDesk(broker, new IdentityHash(settings.IDENTITY_SECRET), log),
    },
    { provide: StationClaims, inject: [BROKER], useFactory: (broker: Broker) => new StationClaims(broker) },
    {
      provide: Generations,
      inject: [StationClaims, LOG],
      useFactory: (claims: StationClaims, log: Log) => new Generations(claims, log),
    },
    {
      provide: ConnectionAnnouncer,
      inject: [SayFact, Generations, LOG],
      useFactory: (facts: SayFact, generations: Generations, log: Log) => new ConnectionAnnouncer(facts, generations, log),
    },
    {
      provide: LiveStations,
      inject: [ConnectionAnnouncer, Generations, CommandDesk, GatewayMetrics, LOG, SETTINGS],
      useFactory: (
        announcer: ConnectionAnnouncer,
        generations: Generations,
        commands: CommandDesk,
        metrics: GatewayMetrics,
        log: Log,
        settings: GatewaySettings,
      ) => {
        const fights = new IdentityFights(settings.IDENTITY_FIGHT_REPLACEMENTS);
        return new LiveStations(announcer, generations, fights, commands, metrics, log, settings.PING_INTERVAL_MS);
      },
    },
    {
      provide: StationServer,
      inject: [AdmissionDesk, LiveStations, CallDesk, QuarantineDesk, AnswerMemory, Generations, GatewayMetrics, LOG, SETTINGS],
      useFactory: (
        admissions: AdmissionDesk,
        live: LiveStations,
        desk: CallDesk,
        quarantine: QuarantineDesk,
        answers: AnswerMemory,
        generations: Generations,
        metrics: GatewayMetrics,
        log: Log,
        settings: GatewaySettings,
      ) => {
        const limits: ConnectionLimits = {
          strictness: settings.STRICT_INBOUND ? 'strict' : 'tolerant',
          waitingCalls: settings.WAITING_CALLS,
          unsentBytes: settings.UNSENT_BYTES,
          unreadableFrames: settings.UNREADABLE_FRAMES,
          commandTimeoutMs: settings.CALL_TIMEOUT_MS,
        };
        const parts: ConnectionParts = {
          routeOf,
          desk,
          quarantine,
          traces: new StationTraces(new FrameLog(settings.FRAME_LOG_BYTES)),
          answers,
          generations,
          makes: new KnownMakes(),
          toldTime: new ToldTime(),
          bootSpread: new BootSpread(settings.BOOT_INTERVAL_SPREAD_PERCENT),
          metrics,
          log,
          limits,
          onClosed: (connection) => live.remove(connection),
        };
        const failures = new FailedHandshakes(settings.FREE_FAILURES);
        const { UPGRADES_AT_ONCE: atOnce, UPGRADES_PER_SECOND: perSecond, UPGRADE_WAIT_SECONDS: waitSeconds } = settings;
        const lineLimits = { atOnce, perSecond, longestWaitMs: waitSeconds * 1000 };
        return new StationServer(
          new DoorKeeper(admissions, failures, lineLimits),
          (station, socket, remoteAddress) => {
            answers.reconnected(station.key);
            live.add(new StationConnection(station, socket, parts, remoteAddress));
          },
          metrics,
          log,
          { maxPayloadBytes: settings.MAX_PAYLOAD_BYTES, closesUnspoken: settings.NO_SUBPROTOCOL === 'accept-and-close' },
        );
      },
    },
    {
      provide: Doors,
      inject: [StationServer, SETTINGS, LOG],
      useFactory: (server: StationServer, settings: GatewaySettings, log: Log) => {
        const responders = settings.OCSP_RESPONDERS.split(',').filter((each) => each !== '');
        const ocsp = new OcspClient({ responders, issuers: [], timeoutMs: OCSP_TIMEOUT_MS, keptAnswers: KEPT_OCSP_ANSWERS });
        return new Doors(server, new ClientCertificates(ocsp), settings, log);
      },
    },
  ],
})
export class OcppGatewayModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly doors: Doors,
    private readonly live: LiveStations,
    private readonly answers: AnswerMemory,
    private readonly claims: StationClaims,
    private readonly traces: TraceDesk,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.claims.listen((notice) => this.live.claimed(notice));
    this.traces.listen((stationKey) => this.live.find(stationKey));
    await this.doors.open();
  }

  async onModuleDestroy(): Promise<void> {
    this.doors.stopAdmitting();
    await this.live.stop({ closesPerSecond: this.settings.STOP_CLOSES_PER_SECOND, graceMs: this.settings.STOP_GRACE_MS });
    this.doors.close();
    await this.answers.flush();
  }
}
