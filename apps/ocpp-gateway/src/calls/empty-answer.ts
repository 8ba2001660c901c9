// The answer to a report that asks nothing.

/** One object for all, so that the connection knows its text beforehand. */
export const EMPTY_ANSWER: Record<string, never> = Object.freeze({});
