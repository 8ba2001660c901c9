// The socket of a station. All sockets share their listeners and find on the socket whose it is: five functions of its own for each of many
// thousand idle sockets are memory too.
import { type RawData, WebSocket } from 'ws';

/** Is told what happens on a socket. */
export interface SocketOwner {
  receive(data: RawData, isBinary: boolean): void;
  /** A ping or pong. */
  heard(): void;
  failed(error: Error & { code?: string }): void;
  gone(): void;
}

export class StationSocket extends WebSocket {
  private owner: SocketOwner | undefined;

  static ownerOf(socket: WebSocket): SocketOwner | undefined {
    return socket instanceof StationSocket ? socket.owner : undefined;
  }

  belongTo(owner: SocketOwner): void {
    this.owner = owner;
    this.on('message', onMessage).on('ping', onSign).on('pong', onSign).on('error', onError).on('close', onClose);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  StationSocket.ownerOf(this)?.receive(data, isBinary);
}

function onSign(this: WebSocket): void {
  StationSocket.ownerOf(this)?.heard();
}

function onError(this: WebSocket, error: Error): void {
  StationSocket.ownerOf(this)?.failed(error);
}

function onClose(this: WebSocket): void {
  StationSocket.ownerOf(this)?.gone();
}
