export * from './chance';
export * from './event-store';
export * from './eventually';
export * from './free-port';
export * from './nats';
export * from './postgres';
export * from './restartable-server';
export * from './server-process';
