export { type Database, type DatabaseOptions, type Migrations, openDatabase, putRows, recordset } from './database';
export { type RequestedRebuild, rebuildProgress, requestRebuild } from './generations';
export { Memo } from './memo';
export { type Projection, ProjectionFailed, type ProjectionVersion, servingSchema } from './projection';
export { type GenerationStatus, type ProjectionStatus, Projector, type ProjectorOptions } from './projector';
export { type RebuildOrder, rebuildViews } from './rebuild-views';
