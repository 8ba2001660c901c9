export { type Database, type Migrations, openDatabase } from './database';
export { type Projection, Projector, type ProjectorOptions } from './projector';
