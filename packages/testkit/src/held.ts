// A promise that a test keeps open for as long as it wants somebody to wait.

/** @returns `hold`, which resolves with the value when `letGo` is called. */
export function held<T>(value: T): { hold: Promise<T>; letGo: () => void } {
  let letGo: () => void = () => undefined;
  const hold = new Promise<T>((resolve) => {
    letGo = () => resolve(value);
  });
  return { hold, letGo };
}
