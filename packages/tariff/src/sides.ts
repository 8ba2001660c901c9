// A value on both sides of tax. A tariff without a tax rate determines one side only; nothing here invents the other.

export interface Sides<Value> {
  readonly before?: Value;
  readonly after?: Value;
}

/** Where tax makes no difference both sides can be one value: then its result is worked out once, and is again that of both. */
export function mapSides<Value, Result>({ before, after }: Sides<Value>, transform: (value: Value) => Result): Sides<Result> {
  const ofBefore = before && transform(before);
  return { before: ofBefore, after: after === before ? ofBefore : after && transform(after) };
}

/** Side by side; a side that either of the two lacks is absent. */
export function combineSides<Value>(left: Sides<Value>, right: Sides<Value>, join: (left: Value, right: Value) => Value): Sides<Value> {
  return {
    before: left.before && right.before && join(left.before, right.before),
    after: left.after && right.after && join(left.after, right.after),
  };
}
