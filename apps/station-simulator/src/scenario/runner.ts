// Plays a scenario at a back end: each step when the one before it is done. The first that does not come out as the file says ends it.
import { setTimeout as sleep } from 'node:timers/promises';
import { acceleratedClock } from '../clock';
import { CallRefused, HandshakeRefused, TokenRefused } from '../failures';
import type { ChargeRecord, StopReason } from '../station/charge-plan';
import type { ConnectorStatus } from '../station/dialect';
import type { ChargingSession } from '../station/session';
import { SimulatedStation, type StationOptions } from '../station/station';
import type { CommandReply, Log } from '../wire/connection';
import { difference, filledIn } from './matching';
import type { Scenario, Step } from './scenario';

export interface ScenarioPlace {
  readonly url: string;
  readonly identity: string;
  readonly password?: string;
  readonly tls?: NonNullable<StationOptions['tls']>;
  /** Replaces the file's. */
  readonly seed?: number;
  readonly speed?: number;
  /** Frames. */
  readonly log?: Log;
  /** Steps. */
  readonly tell?: Log;
}

/** A step did not come out as the scenario says. */
export class ScenarioFailed extends Error {
  constructor(
    readonly stepNumber: number,
    step: Step,
    cause: unknown,
  ) {
    super(`step ${stepNumber} (${step.do}): ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const DEFAULT_SPEED = 60;
const DEFAULT_MINUTES = 30;
const DEFAULT_METER_VALUES = 6;
const DEFAULT_WITHIN_SECONDS = 30;

/** Resolves when every step is done. @throws ScenarioFailed */
export async function runScenario(scenario: Scenario, place: ScenarioPlace): Promise<void> {
  const play = new Play(scenario, place);
  try {
    for (const [index, step] of scenario.steps.entries()) {
      try {
        await play.step(step, index);
      } catch (error) {
        throw new ScenarioFailed(index + 1, step, error);
      }
      place.tell?.(`step ${index + 1} ${JSON.stringify(step)}`);
    }
  } finally {
    await play.end();
  }
}

type StepOf<S extends Step['do']> = Extract<Step, { readonly do: S }>;

class Play {
  private readonly station: SimulatedStation;
  private readonly speed: number;
  private readonly sessions = new Map<number, ChargingSession>();
  /** Commands that the scenario answers itself are awaited from the start: they may come before their step. */
  private readonly answered = new Map<number, Promise<unknown>>();

  constructor(
    private readonly scenario: Scenario,
    place: ScenarioPlace,
  ) {
    const { speed = DEFAULT_SPEED, ...station } = scenario.station;
    const { tell: _, speed: fasterSpeed, ...where } = place;
    this.speed = fasterSpeed ?? speed;
    this.station = SimulatedStation.offline({ ...station, ...where, clock: acceleratedClock(this.speed) });
    for (const [index, step] of scenario.steps.entries()) {
      if (step.do === 'expect' && (step.answer !== undefined || step.errorCode !== undefined)) {
        this.answered.set(index, this.station.expectCommand({ ...this.expectation(step), withinMilliseconds: Infinity }));
      }
    }
  }

  end(): Promise<void> {
    return this.station.close();
  }

  async step(step: Step, index: number): Promise<unknown> {
    const { station } = this;
    switch (step.do) {
      case 'connect':
        return this.connect(step);
      case 'boot':
        return this.boot(step);
      case 'plugIn':
        return this.plugIn(step);
      case 'authorize':
        return this.authorize(step);
      case 'start':
        return this.sessionAt(step.connectorId).start();
      case 'meterValues':
        return this.meterValues(step);
      case 'idle':
        return this.sessionAt(step.connectorId).idle(step.seconds);
      case 'stop':
        return this.stop(step);
      case 'charge':
        return this.charge(step);
      case 'wait':
        return sleep((step.seconds * 1000) / this.speed);
      case 'send':
        return this.send(step);
      case 'expect':
        return this.expect(step, index);
      case 'status':
        return station.status(step.connectorId, step.status as ConnectorStatus);
      case 'fault':
        return station.fault(step.connectorId, step.mended !== true);
      case 'measure':
        return station.measure(step.name, step.value);
      case 'behave':
        return station.behave(step.outcomes);
      case 'faults':
        return station.setFaults(step.faults);
      case 'refuseNextAnswer':
        return station.refuseNextAnswer(step.action);
      case 'drop':
        return station.dropConnection();
      case 'disconnect':
        return station.goOffline();
      case 'freeze':
        return this.freeze(step);
    }
  }

  private async connect({ refusedWith }: StepOf<'connect'>): Promise<void> {
    try {
      await this.station.goOnline();
    } catch (error) {
      if (error instanceof HandshakeRefused && error.status === refusedWith) return;
      throw error;
    }
    if (refusedWith !== undefined) throw new Error(`was let in, not refused with ${refusedWith}`);
  }

  private async boot({ status }: StepOf<'boot'>): Promise<void> {
    if (status === undefined) {
      await this.station.bootUntilAccepted();
      return;
    }
    same({ status }, await this.station.boot());
  }

  private plugIn({ do: _, ...plan }: StepOf<'plugIn'>): void {
    const session = this.station.session(plan);
    this.sessions.set(plan.connectorId, session);
    session.plugIn();
  }

  /** At a connector it is a part of its session; with a token alone it is only a question. */
  private async authorize({ connectorId, token, verdict = 'Accepted' }: StepOf<'authorize'>): Promise<void> {
    if (token !== undefined) {
      same(verdict, await this.station.authorize(token));
      return;
    }
    const session = this.sessionAt(connectorId ?? 1);
    try {
      await session.authorize();
    } catch (error) {
      if (!(error instanceof TokenRefused) || error.verdict !== verdict) throw error;
      return;
    }
    same(verdict, 'Accepted');
  }

  private async meterValues({ connectorId, seconds, energyWh, times = 1 }: StepOf<'meterValues'>): Promise<void> {
    for (let reading = 0; reading < times; reading++) await this.sessionAt(connectorId).draw(seconds, energyWh);
  }

  private async stop({ connectorId, reason, drawnWh }: StepOf<'stop'>): Promise<void> {
    const session = this.sessionAt(connectorId);
    const record = await this.station.finish(session, reason as StopReason | undefined);
    this.sessions.delete(connectorId);
    this.check(record, drawnWh, undefined);
  }

  private async charge(step: StepOf<'charge'>): Promise<void> {
    const { connectorId, token, energyWh, minutes = DEFAULT_MINUTES, meterValues = DEFAULT_METER_VALUES } = step;
    const secondsBetweenMeterValues = (minutes * 60) / meterValues;
    const record = await this.station.charge({ connectorId, token, energyWh, meterValues, secondsBetweenMeterValues });
    this.check(record, step.drawnWh, step.stopReason);
  }

  private check(record: ChargeRecord, drawnWh: number | undefined, stopReason: string | undefined): void {
    if (drawnWh !== undefined) same(drawnWh, record.meterStopWh - record.meterStartWh);
    if (stopReason !== undefined) same(stopReason, record.stopReason);
  }

  private async send({ action, payload = {}, unconfirmed, answer, errorCode }: StepOf<'send'>): Promise<void> {
    const filled = Object(this.fill(payload));
    if (unconfirmed) {
      await this.station.send(action, filled);
      return;
    }
    try {
      const given = await this.station.call(action, filled);
      if (errorCode !== undefined) throw new Error(`was answered, not refused with ${errorCode}`);
      if (answer !== undefined) same(this.fill(answer), given);
    } catch (error) {
      if (!(error instanceof CallRefused) || error.code !== errorCode) throw error;
    }
  }

  private async expect(step: StepOf<'expect'>, index: number): Promise<void> {
    const { action, withinSeconds = DEFAULT_WITHIN_SECONDS } = step;
    const awaited = this.answered.get(index);
    if (awaited === undefined) {
      await this.station.expectCommand({ ...this.expectation(step), withinMilliseconds: withinSeconds * 1000 });
      return;
    }
    const enough = new AbortController();
    const late = sleep(withinSeconds * 1000, undefined, { signal: enough.signal }).then(
      () => Promise.reject(new Error(`no ${action} that fits came within ${withinSeconds} s`)),
      () => undefined,
    );
    await Promise.race([awaited, late]);
    enough.abort();
  }

  private expectation({ action, match = {}, answer, errorCode }: StepOf<'expect'>) {
    const reply: CommandReply | undefined = errorCode === undefined ? answer && { answer } : { errorCode };
    return {
      action,
      fits: (payload: unknown) => difference(this.fill(match), payload) === undefined,
      ...(reply === undefined ? {} : { answer: reply }),
    };
  }

  private async freeze({ seconds }: StepOf<'freeze'>): Promise<void> {
    this.station.freeze();
    if (seconds === undefined) return;
    await sleep((seconds * 1000) / this.speed);
    this.station.thaw();
  }

  private sessionAt(connectorId: number): ChargingSession {
    const session = this.sessions.get(connectorId) ?? this.station.sessionAt(connectorId);
    if (session === undefined) throw new Error(`no car is plugged in at connector ${connectorId}`);
    return session;
  }

  /** `$now` and `$transaction:N`, the transaction at connector N; OCPP 1.6 numbers transactions. */
  private fill(value: unknown): unknown {
    return filledIn(value, (name) => {
      if (name === 'now') return new Date().toISOString();
      const [, connectorId] = /^transaction:(\d+)$/.exec(name) ?? [];
      if (connectorId === undefined) return `$${name}`;
      const { transactionId } = this.sessionAt(Number(connectorId));
      return this.scenario.station.version === '1.6' ? Number(transactionId) : transactionId;
    });
  }
}

/** @throws what differs */
function same(expected: unknown, actual: unknown): void {
  const where = difference(expected, actual);
  if (where !== undefined) throw new Error(where);
}
