// A station's own pings, as often as the back end has set it (OCPP WebSocketPingInterval): a line that has not answered one by the time of the
// next is dead and is cut, so that the station dials again.
import WebSocket from 'ws';
import type { Alarm, Timers } from '../timers';

export class Pings {
  private seconds = 0;
  private socket: WebSocket | undefined;
  private alarm: Alarm | undefined;
  private awaitsPong = false;

  constructor(
    private readonly timers: Timers,
    private readonly isSilent: () => boolean,
    private readonly log: (line: string) => void,
  ) {}

  /** 0 does not ping. */
  every(seconds: number): void {
    this.seconds = seconds;
    this.later();
  }

  /** From now on this is the station's socket. */
  watch(socket: WebSocket): void {
    this.socket = socket;
    this.awaitsPong = false;
    socket.on('pong', () => {
      this.awaitsPong = false;
    });
    this.later();
  }

  stop(): void {
    this.alarm?.cancel();
  }

  private later(): void {
    this.stop();
    if (this.seconds > 0) this.alarm = this.timers.after(this.seconds * 1000, () => this.ping());
  }

  private ping(): void {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN || this.isSilent()) return;
    if (this.awaitsPong) {
      this.log('! no pong: the line is dead');
      socket.terminate();
      return;
    }
    this.awaitsPong = true;
    socket.ping();
    this.later();
  }
}
