// A server that can be killed and comes back as it was: the same command on the same port and folder.
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerCommand, type ServerProcess, startServer } from './server-process';

/** A server that finds the traces of its dead predecessor may refuse its first starts. */
const START_ATTEMPTS = 5;
const PAUSE_MS = 300;

export class RestartableServer {
  private restarting: Promise<void> = Promise.resolve();
  private wanted = true;

  private constructor(
    private readonly command: ServerCommand,
    private running: ServerProcess,
  ) {}

  static async start(command: ServerCommand): Promise<RestartableServer> {
    return new RestartableServer(command, await startServer(command));
  }

  /** The process of now. */
  get process(): ServerProcess {
    return this.running;
  }

  /** SIGKILL, and after a pause the same command again. Resolves when it is ready. */
  crash(downMs = 0): Promise<void> {
    // One that is coming back already is killed when it is there.
    this.restarting = this.restarting.then(() => this.restart(downMs));
    return this.restarting;
  }

  async stop(): Promise<void> {
    this.wanted = false;
    await this.restarting.catch(() => undefined);
    await this.running.stop();
  }

  private async restart(downMs: number): Promise<void> {
    if (!this.wanted) return;
    await this.running.kill();
    await pause(downMs);
    for (let attempt = 1; ; attempt++) {
      try {
        this.running = await startServer(this.command);
        return;
      } catch (error) {
        if (attempt === START_ATTEMPTS) throw error;
        await pause(PAUSE_MS);
      }
    }
  }
}
