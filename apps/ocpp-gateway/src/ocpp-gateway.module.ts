// The gateway's wiring: the door -> a connection -> its calls -> facts.
import { IdentityHash } from '@evenkeel/contracts';
import { type Broker, Publisher, Requester, TransactionIds } from '@evenkeel/messaging';
import { OcspClient } from '@evenkeel/pki';
import { BROKER, LOG, type Log, Metrics, SETTINGS } from '@evenkeel/service';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SayFact } from './announce/say-fact';
import { CallDesk } from './calls/call-desk';
import { CommandDesk } from './commands/command-desk';
import type { GatewaySettings } from './config';
import { AdmissionDesk } from './connection/admission';
import { ClientCertificates } from './connection/client-certificates';
import { Doors } from './connection/doors';
import { LiveStations } from './connection/live-stations';
import { type ConnectionLimits, StationConnection } from './connection/station-connection';
import { StationServer } from './connection/station-server';
import { GatewayMetrics } from './metrics/gateway-metrics';

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
      useFactory: (facts: SayFact, registry: Requester<'ocpp-gateway'>, broker: Broker, settings: GatewaySettings) =>
        new CallDesk(facts, registry, new TransactionIds(broker), new IdentityHash(settings.IDENTITY_SECRET), {
          heartbeatSeconds: settings.HEARTBEAT_INTERVAL_SECONDS,
          bootRetrySeconds: settings.BOOT_RETRY_SECONDS,
        }),
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
      provide: LiveStations,
      inject: [SayFact, CommandDesk, GatewayMetrics, LOG, SETTINGS],
      useFactory: (facts: SayFact, commands: CommandDesk, metrics: GatewayMetrics, log: Log, settings: GatewaySettings) =>
        new LiveStations(facts, commands, metrics, log, settings.PING_INTERVAL_MS),
    },
    {
      provide: StationServer,
      inject: [AdmissionDesk, LiveStations, CallDesk, GatewayMetrics, LOG, SETTINGS],
      useFactory: (
        admissions: AdmissionDesk,
        live: LiveStations,
        desk: CallDesk,
        metrics: GatewayMetrics,
        log: Log,
        settings: GatewaySettings,
      ) => {
        const limits: ConnectionLimits = {
          strictness: settings.STRICT_INBOUND ? 'strict' : 'tolerant',
          waitingCalls: settings.WAITING_CALLS,
          unreadableFrames: settings.UNREADABLE_FRAMES,
          commandTimeoutMs: settings.CALL_TIMEOUT_MS,
        };
        return new StationServer(
          admissions,
          (station, socket) => live.add(new StationConnection(station, socket, desk, metrics, log, limits)),
          metrics,
          log,
          settings.MAX_PAYLOAD_BYTES,
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
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.doors.open();
  }

  async onModuleDestroy(): Promise<void> {
    this.doors.close();
    await this.live.stop(this.settings.STOP_GRACE_MS);
  }
}
