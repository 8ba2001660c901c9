// One row of the table of what an operator can want of a station.
import { type TObject, Type } from '@sinclair/typebox';

export interface StationOperation {
  readonly summary: string;
  readonly parameters: TObject;
  readonly example: unknown;
}

export function operation<P extends TObject['properties']>(summary: string, parameters: P, example: unknown) {
  return { summary, parameters: Type.Object(parameters, { additionalProperties: false }), example };
}
