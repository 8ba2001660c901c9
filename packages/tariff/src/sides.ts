// A value on both sides of tax. A tariff without a tax rate determines one side only; nothing here invents the other.

export interface Sides<Value> {
  readonly before?: Value;
  readonly after?: Value;
}

export function mapSides<Value, Result>({ before, after }: Sides<Value>, transform: (value: Value) => Result): Sides<Result> {
  return { before: before && transform(before), after: after && transform(after) };
}

/** Side by side; a side that either of the two lacks is absent. */
export function combineSides<Value>(left: Sides<Value>, right: Sides<Value>, join: (left: Value, right: Value) => Value): Sides<Value> {
  return {
    before: left.before && right.before && join(left.before, right.before),
    after: left.after && right.after && join(left.after, right.after),
  };
}
