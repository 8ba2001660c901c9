// One service as a process that is started again when it dies by itself, as Kubernetes would do.
import type { AppName } from '@evenkeel/contracts';
import { type ServerProcess, startServer } from '@evenkeel/testkit';

const RESTART_PAUSE_MS = 500;

export class SupervisedService {
  private process: ServerProcess | undefined;
  private wanted = false;
  private restarting: Promise<void> | undefined;
  private unwanted = new AbortController();

  constructor(
    readonly name: AppName,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly onLine: (line: string) => void,
  ) {}

  /** Resolves when the service says that it is ready. */
  async start(): Promise<void> {
    this.wanted = true;
    this.unwanted = new AbortController();
    const { signal } = this.unwanted;
    const process = await startServer({
      name: this.name,
      command: globalThis.process.execPath,
      // A larger young generation: under load most objects of a service live for one message. Several services share few cores here, and
      // scavenging in parallel threads costs more of them than it saves.
      args: ['--max-semi-space-size=64', '--no-parallel-scavenge', require.resolve(`@evenkeel/${this.name}/dist/main.js`)],
      env: this.environment,
      onLine: this.onLine,
      readyWhen: (line) => line.includes(`${this.name} is ready`),
      readyWithinMs: 60_000,
      signal,
    });
    this.process = process;
    void process.ended.then((how) => {
      if (!this.wanted || this.process !== process) return;
      const restarting = this.restart(how).finally(() => {
        if (this.restarting === restarting) this.restarting = undefined;
      });
      this.restarting = restarting;
    });
  }

  /** One more process of this service that is not started yet, with other settings, as a second pod. Whoever starts it stops it. */
  beside(settings: NodeJS.ProcessEnv): SupervisedService {
    return new SupervisedService(this.name, { ...this.environment, ...settings }, this.onLine);
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** SIGKILL; the supervisor starts it again. Resolves when it is ready again. */
  async crash(): Promise<void> {
    const { process } = this;
    await process?.kill();
    while (this.wanted && (this.process === process || this.restarting)) {
      await (this.restarting ?? new Promise((resolve) => setTimeout(resolve, 20)));
    }
  }

  async stop(): Promise<void> {
    this.wanted = false;
    // One that is still starting has nothing in hand yet.
    if (!this.process || this.restarting) this.unwanted.abort();
    await this.process?.stop();
  }

  private async restart(how: number | string): Promise<void> {
    this.onLine(JSON.stringify({ level: 'error', msg: `${this.name} ended (${how}); starting it again` }));
    // A service that does not find what it needs ends again; sooner or later it is there.
    for (let started = false; this.wanted && !started; ) {
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      try {
        if (this.wanted) await this.start();
        started = true;
      } catch (error) {
        this.onLine(JSON.stringify({ level: 'error', msg: error instanceof Error ? error.message : String(error) }));
      }
    }
  }
}
