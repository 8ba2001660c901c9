// The wiring of who may connect: profiles, passwords, certificates, and the log of what was refused.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type EventStore, Sealer } from '@evenkeel/event-store';
import { type CertificateAuthority, pemBlocks } from '@evenkeel/pki';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, LOG, type Log, Metrics, SETTINGS, sealerOf } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { revocationRelay } from '../announce/revocation-announcer';
import { ContractCheck } from '../authorization/contract-check';
import { authorityOf, ocspClientOf } from '../certificate/authority-of';
import { CertificateDesk } from '../certificate/certificate-desk';
import { CertificateRounds } from '../certificate/certificate-rounds';
import { CertificateStatusDesk } from '../certificate/certificate-status';
import { CertificateView } from '../certificate/certificate-view';
import type { RegistrySettings } from '../config';
import { registrySeals } from '../sealed-streams';
import { SecurityDesk } from '../security/security-desk';
import { SecurityView } from '../security/security-view';
import { StationDesk } from '../station/station-desk';
import { Turns } from '../station/turns';
import type { RegistryTables } from '../view/registry-tables';
import { StationView } from '../view/station-view';

const AUTHORITY = Symbol('certificate authority');

export const securityProviders: Provider[] = [
  {
    provide: Sealer,
    inject: [EVENT_STORE, SETTINGS, LOG, Metrics],
    useFactory: (store: EventStore, settings: RegistrySettings, log: Log, metrics: Metrics) =>
      sealerOf(registrySeals, store, settings, log, metrics),
  },
  { provide: SecurityView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new SecurityView(database) },
  {
    provide: SecurityDesk,
    inject: [EVENT_STORE, Sealer, Metrics, LOG],
    useFactory: (store: EventStore, sealer: Sealer, metrics: Metrics, log: Log) => new SecurityDesk(store, sealer, metrics, log),
  },
  { provide: AUTHORITY, inject: [SETTINGS], useFactory: (settings: RegistrySettings) => authorityOf(settings) },
  {
    provide: CertificateView,
    inject: [DATABASE, Projector],
    useFactory: (database: Database<RegistryTables>, projector: Projector<RegistryTables>) => new CertificateView(database, projector),
  },
  {
    provide: CertificateDesk,
    inject: [EVENT_STORE, StationView, CertificateView, AUTHORITY, Metrics, LOG, SETTINGS],
    useFactory: (
      store: EventStore,
      stations: StationView,
      view: CertificateView,
      authority: CertificateAuthority | undefined,
      metrics: Metrics,
      log: Log,
      { CERTIFICATE_ORGANIZATION: organization, CERTIFICATE_WARNING_DAYS: warningDays }: RegistrySettings,
    ) => new CertificateDesk(store, stations, view, authority, { ...(organization ? { organization } : {}), warningDays }, metrics, log),
  },
  {
    provide: CertificateStatusDesk,
    inject: [AUTHORITY, SETTINGS],
    useFactory: async (authority: CertificateAuthority | undefined, settings: RegistrySettings) =>
      new CertificateStatusDesk(await ocspClientOf(settings), authority),
  },
  {
    provide: ContractCheck,
    inject: [CertificateStatusDesk, SETTINGS],
    useFactory: async (statuses: CertificateStatusDesk, settings: RegistrySettings) => {
      const file = settings.CONTRACT_ROOTS_FILE;
      const roots = file === undefined ? [] : pemBlocks(await readFile(file, 'utf8')).map((pem) => new X509Certificate(pem));
      return new ContractCheck(statuses, { roots, revocationRequired: settings.REVOCATION_REQUIRED });
    },
  },
  {
    provide: CertificateRounds,
    inject: [CertificateDesk, EVENT_STORE, AUTHORITY, SETTINGS, LOG],
    useFactory: (
      desk: CertificateDesk,
      store: EventStore,
      authority: CertificateAuthority | undefined,
      settings: RegistrySettings,
      log: Log,
    ) => {
      const onFailure = (error: unknown) => log.warn({ error }, 'the certificate authority could not be told of a revocation');
      const relay = authority && revocationRelay(store, authority, onFailure);
      return new CertificateRounds(desk, relay, settings.CERTIFICATE_LOOK_MS, log);
    },
  },
  { provide: Turns, useFactory: () => new Turns() },
  {
    provide: StationDesk,
    inject: [EVENT_STORE, Projector, StationView, SecurityDesk, CertificateDesk, SETTINGS, Turns, LOG],
    useFactory: (
      store: EventStore,
      projector: Projector<RegistryTables>,
      view: StationView,
      security: SecurityDesk,
      certificates: CertificateDesk,
      { STATION_KEY_SECRET: secret, CERTIFICATE_ORGANIZATION: organization, REVOCATION_REQUIRED: revocationRequired }: RegistrySettings,
      turns: Turns,
      log: Log,
    ) => {
      const policy = { secret, revocationRequired, ...(organization ? { organization } : {}) };
      return new StationDesk(store, projector, view, security, certificates, policy, turns, log);
    },
  },
];
