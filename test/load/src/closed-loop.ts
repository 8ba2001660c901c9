// Stations in a closed loop: each sends its next message when the last one was answered. Bare sockets and prepared frames, so that the load
// costs little beside what it measures.
import WebSocket from 'ws';

export interface LoopStation {
  url: string;
  /** Basic credentials, where the server asks for them. */
  authorization?: string;
  /** Frame of the next message; told the payload of the answer to the last one. */
  next: (answer: Record<string, unknown> | undefined) => string;
}

export interface LoopResult {
  answered: number;
  errors: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

export interface ClosedLoop {
  /** Connects every station and begins; resolves when all of them have had an answer. */
  begin(): Promise<void>;
  /** Starts counting anew. */
  mark(): void;
  result(): LoopResult;
  /** No new messages; resolves with all answers ever when the last ones are there. */
  end(): Promise<number>;
}

/** @param pauseMs the least time between two messages of a station; 0 sends as soon as it was answered. */
export function closedLoop(stations: readonly LoopStation[], pauseMs = 0): ClosedLoop {
  let latencies: number[] = [];
  let errors = 0;
  let startedAt = performance.now();
  let ending = false;
  let answeredInAll = 0;
  const waiting = new Set<WebSocket>();
  const sockets: WebSocket[] = [];

  const run = (station: LoopStation) =>
    new Promise<void>((resolve, fail) => {
      const headers = station.authorization === undefined ? {} : { authorization: station.authorization };
      const socket = new WebSocket(station.url, 'ocpp1.6', { headers, perMessageDeflate: false });
      sockets.push(socket);
      let sentAt = 0;
      const send = (answer: Record<string, unknown> | undefined) => {
        if (ending) {
          waiting.delete(socket);
          return;
        }
        waiting.add(socket);
        sentAt = performance.now();
        socket.send(station.next(answer));
      };
      socket.on('open', () => send(undefined));
      socket.on('message', (data) => {
        latencies.push(performance.now() - sentAt);
        answeredInAll += 1;
        const frame = JSON.parse(String(data)) as [number, string, Record<string, unknown>];
        if (frame[0] !== 3) errors += 1;
        resolve();
        const answer = frame[0] === 3 ? frame[2] : undefined;
        const pause = sentAt + pauseMs - performance.now();
        if (pause <= 0) send(answer);
        else {
          waiting.delete(socket);
          setTimeout(() => send(answer), pause);
        }
      });
      socket.on('error', fail);
      socket.on('close', (code) => {
        if (!ending) fail(new Error(`the server closed a connection with ${code}`));
      });
    });

  return {
    async begin() {
      // Not all at once: a storm of connections is another measurement.
      for (let first = 0; first < stations.length; first += 50) await Promise.all(stations.slice(first, first + 50).map(run));
    },
    mark() {
      latencies = [];
      errors = 0;
      startedAt = performance.now();
    },
    result() {
      const sorted = Float64Array.from(latencies).sort();
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { answered: sorted.length, errors, seconds: (performance.now() - startedAt) / 1000, p50Ms: at(0.5), p99Ms: at(0.99) };
    },
    async end() {
      ending = true;
      while (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const socket of sockets) socket.close();
      return answeredInAll;
    },
  };
}
