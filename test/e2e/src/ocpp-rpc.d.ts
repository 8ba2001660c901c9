// The part of the npm package `ocpp-rpc` that the tests use; the package carries no types of its own.
declare module 'ocpp-rpc' {
  export interface RPCClientOptions {
    endpoint: string;
    identity: string;
    password?: string;
    protocols: string[];
    strictMode?: boolean;
  }
  export class RPCClient {
    constructor(options: RPCClientOptions);
    connect(): Promise<unknown>;
    call(action: string, payload: object): Promise<unknown>;
    handle(action: string, answer: (call: { params: Record<string, unknown> }) => object): void;
    close(): Promise<unknown>;
  }
}
