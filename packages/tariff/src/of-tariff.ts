// What follows from a tariff alone is worked out once for each: tariffs are never changed, and thousands of sessions are priced by one.
import type { Tariff } from './tariff';

export function onceForEach<T extends object>(work: (tariff: Tariff) => T): (tariff: Tariff) => T {
  const known = new WeakMap<Tariff, T>();
  return (tariff) => {
    let result = known.get(tariff);
    if (result === undefined) {
      result = work(tariff);
      known.set(tariff, result);
    }
    return result;
  };
}
