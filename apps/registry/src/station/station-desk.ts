// Lets stations in, writing down what a login proves and what was refused, and takes what changes how a station may prove who it is.
import { randomUUID } from 'node:crypto';
import { idOf, type PresentedCertificate, Problem, type Reply, type Request } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Position, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import type { Log } from '@evenkeel/service';
import type { SecurityDesk } from '../security/security-desk';
import type { RegistryTables, StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import { type AccessEvent, learn } from './access';
import { type AdmissionPolicy, judge } from './admission';
import { passwordHashes } from './password';
import {
  type StationCommand,
  type StationEvent,
  type StationRejection,
  type StationState,
  station,
  stationCodec,
  stationStreamPrefix,
} from './station';
import type { Turns } from './turns';

/** A new password before its CALL leaves: from then on the station may hold either. */
export interface PasswordChangeIntention {
  readonly stationId: string;
  /** Of the command: the same one intended again changes nothing. */
  readonly changeId: string;
  readonly password: string;
}

/** What the station has answered; `unconfirmed` where no answer came, or the change is still to come. */
export interface PasswordChangeSettlement {
  readonly stationId: string;
  readonly changeId: string;
  readonly outcome: 'accepted' | 'refused' | 'unconfirmed';
}

const REJECTIONS: Record<StationRejection, [code: 'conflict' | 'not-found' | 'invalid', detail: string]> = {
  'already-registered': ['conflict', 'is registered already'],
  'not-registered': ['not-found', 'is not registered'],
  'password-missing': ['invalid', 'needs a password for its security profile'],
  'serial-missing': ['invalid', 'needs an expected serial number, or leave to pin the first one, for security profile 3'],
  'below-floor': ['conflict', 'has connected with a higher security profile already'],
  'not-on-profile-3': ['conflict', 'is not on security profile 3'],
  'change-unknown': ['conflict', 'has no such change of its password'],
};

/** What the certificate room knows of a certificate, and hears of it. */
export interface StationCertificates {
  isRevoked(fingerprint: string): Promise<boolean>;
  noteUse(stationId: string, certificate: PresentedCertificate): Promise<void>;
}

export class StationDesk {
  private readonly stations: StreamHandler<StationState, StationCommand, StationEvent, StationRejection>;

  constructor(
    store: EventStore,
    private readonly projector: Pick<Projector<RegistryTables>, 'reached'>,
    private readonly view: StationView,
    private readonly security: Pick<SecurityDesk, 'recordRefusal'>,
    private readonly certificates: StationCertificates,
    private readonly policy: AdmissionPolicy,
    private readonly turns: Turns,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    this.stations = new StreamHandler({ store, decider: station, codec: stationCodec, cachedStates: 0 });
  }

  async admit(request: Request<'admitStation'>): Promise<Reply<'admitStation'>> {
    const row = await this.view.find(request.identity);
    const { fingerprint } = request.certificate ?? {};
    const certificateRevoked = row !== undefined && fingerprint !== undefined && (await this.certificates.isRevoked(fingerprint));
    const now = new Date();
    const judgement = judge(row && knownOf(row), request, { policy: this.policy, at: now.toISOString(), certificateRevoked });
    const cause = randomUUID();
    if (row && judgement.refused) {
      const { type, detail: reason } = judgement.refused;
      await this.security.recordRefusal(row.registered.stationId, { type, reason, about: strangerOf(request) }, now, cause);
    }
    const { login, admission } = judgement;
    if (!row || !login) return admission;
    const { stationId } = row.registered;
    const learned = learn(stationId, row.access, login);
    if (learned.length > 0) {
      const write = () => this.stations.handle(stationStream(stationId), { kind: 'login', login }, { cause });
      if (learned.every((event) => canWait(event, row))) this.later(write);
      else if (!(await write()).accepted) return { admitted: false, reason: 'wrong-profile' };
    }
    if (login.securityProfile === 3 && request.certificate) await this.certificates.noteUse(stationId, request.certificate);
    return admission;
  }

  /** What is lost by a crash is learned again by the next login. */
  private later(write: () => Promise<unknown>): void {
    this.turns.take(write).catch((error: unknown) => this.log.warn({ error }, 'what a login has shown could not be written down'));
  }

  async lowerProfile(
    { stationId, reason }: Request<'lowerSecurityProfile'>,
    context: CommandContext,
  ): Promise<Reply<'lowerSecurityProfile'>> {
    await this.command(stationId, { kind: 'lower-profile', reason }, context);
    return this.view.get(stationId);
  }

  /** Durable when it returns: only then may the CALL leave that carries the password. */
  async intendPasswordChange({ stationId, changeId, password }: PasswordChangeIntention): Promise<void> {
    const hashes = passwordHashes(password, this.policy.secret);
    const at = new Date().toISOString();
    await this.command(stationId, { kind: 'intend-password', changeId, passwordHashes: hashes, at }, { cause: `intended-${changeId}` });
  }

  async settlePasswordChange({ stationId, changeId, outcome }: PasswordChangeSettlement): Promise<void> {
    await this.command(stationId, { kind: 'settle-password', changeId, outcome }, { cause: `${outcome}-${changeId}` });
  }

  private async command(stationId: string, command: StationCommand, context: CommandContext): Promise<void> {
    const handled = await this.stations.handle(stationStream(stationId), command, context);
    if (!handled.accepted) throw refusedStation(handled.rejection, stationId);
    // The next login is judged by what is shown.
    await this.shown(handled.position);
  }

  private async shown(position: Position | undefined): Promise<void> {
    if (position !== undefined) await this.projector.reached(position);
  }
}

export function refusedStation(rejection: StationRejection, stationId: string): Problem {
  const [code, detail] = REJECTIONS[rejection];
  return new Problem(code, `station ${stationId} ${detail}`);
}

export function stationStream(stationId: string): string {
  return `${stationStreamPrefix}${idOf('station', stationId.toLowerCase())}`;
}

function knownOf({ registered, access, boot }: StationRow): Parameters<typeof judge>[0] {
  return { station: registered, access, ...(boot ? { boot } : {}) };
}

/** It demands no more of the next connection than the registration does, or the check of a password. */
function canWait(event: AccessEvent, { registered }: StationRow): boolean {
  if (event.type === 'SecurityProfileReached') return event.data.securityProfile === registered.securityProfile;
  return event.type === 'PasswordEncodingFound';
}

function strangerOf({ certificate, remoteAddress }: Request<'admitStation'>): string {
  const about = certificate ? `, certificate ${certificate.fingerprint.slice(0, 16)} of ${certificate.commonName ?? 'nobody'}` : '';
  return `${about}, from ${remoteAddress ?? 'an unknown address'}`;
}
