// The REST paths of what a station can be told: one for each operation of the contracts' table.
import { StationCommand, type StationOperationName, stationOperationNames, stationOperations } from '@evenkeel/contracts';
import type { Operation } from './operation';
import * as schemas from './schemas';

export const callProblems = ['not-found', 'conflict', 'offline', 'not-supported', 'station-refused'] as const;

/** `changeAvailability` of `change-availability`: operations of this interface are named as its methods. */
export type OperationKey<N extends string> = N extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<OperationKey<Tail>>}` : N;
export type StationOperationKey = `${OperationKey<StationOperationName>}Station`;

export interface StationOperationPath extends Operation {
  readonly params: typeof schemas.StationPath;
  readonly body: (typeof stationOperations)[StationOperationName]['parameters'];
  readonly response: typeof StationCommand;
}

export function keyOf(name: StationOperationName): StationOperationKey {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return `${camel}Station` as StationOperationKey;
}

export const stationOperationPaths = Object.fromEntries(
  stationOperationNames.map((name): [StationOperationKey, StationOperationPath] => {
    const { summary, parameters, example } = stationOperations[name];
    return [
      keyOf(name),
      {
        method: 'POST',
        path: `/stations/{stationId}/${name}`,
        summary,
        tag: 'commands',
        access: 'operator',
        params: schemas.StationPath,
        body: parameters,
        example,
        response: StationCommand,
        problems: callProblems,
      },
    ];
  }),
) as { readonly [K in StationOperationKey]: StationOperationPath };
