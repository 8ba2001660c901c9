// The clock on the wall at a location. Tariffs speak of local times of day; sessions are stored in UTC. The rules of each zone, summer time
// included, come from the IANA data in the runtime.

export const SECONDS_PER_DAY = 86_400;

const NAMES_ITS_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

export interface LocalMoment {
  /** Days since 1 January 1970. */
  readonly day: number;
  readonly secondOfDay: number;
}

/**
 * Instants are whole seconds, so that the seconds of the periods always sum to those of the session. The text must name its offset: without
 * one it would mean the clock of the machine that reads it.
 */
export function epochSeconds(instant: string): number {
  const milliseconds = instant.endsWith('Z') || NAMES_ITS_OFFSET.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${JSON.stringify(instant)}`);
  return Math.round(milliseconds / 1000);
}

export function localMoment(timeZone: string, epochSeconds: number): LocalMoment {
  const local = epochSeconds + offsetSeconds(timeZone, epochSeconds);
  const day = Math.floor(local / SECONDS_PER_DAY);
  return { day, secondOfDay: local - day * SECONDS_PER_DAY };
}

/** "YYYY-MM-DD" as days since 1 January 1970. */
export function dayNumber(date: string): number {
  return epochSeconds(`${date}T00:00:00Z`) / SECONDS_PER_DAY;
}

/** "HH:MM" as seconds of the day. */
export function secondOfDay(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hours === undefined) throw new RangeError(`not a time of day: ${JSON.stringify(time)}`);
  return Number(hours) * 3600 + Number(minutes) * 60;
}

/** Seconds that the zone's clock is ahead of UTC at this instant. Throws on a zone that the IANA data does not know. */
export function offsetSeconds(timeZone: string, epochSeconds: number): number {
  return zone(timeZone).offsetAt(epochSeconds);
}

/** The instants after `from` and up to `to` at which the zone's offset changes. */
export function offsetChanges(timeZone: string, from: number, to: number): number[] {
  const { offsetAt } = zone(timeZone);
  const changes: number[] = [];
  for (let before = from; before < to; before += SECONDS_PER_DAY) {
    const after = Math.min(before + SECONDS_PER_DAY, to);
    if (offsetAt(before) === offsetAt(after)) continue;
    let [last, first] = [before, after];
    while (first - last > 1) {
      const middle = Math.floor((last + first) / 2);
      if (offsetAt(middle) === offsetAt(before)) last = middle;
      else first = middle;
    }
    changes.push(first);
  }
  return changes;
}

interface Zone {
  offsetAt(epochSeconds: number): number;
}

// A formatter costs thousands of times more to make than to use. A process serves the zones of its locations, so none is ever dropped.
const zones = new Map<string, Zone>();

function zone(timeZone: string): Zone {
  let known = zones.get(timeZone);
  if (known === undefined) {
    known = makeZone(timeZone);
    zones.set(timeZone, known);
  }
  return known;
}

// Ten years of days; sessions are priced close to now, so the bound is reached only by a rebuild over decades.
const MOST_CACHED_DAYS = 3_650;

/**
 * Formatting is still the most expensive step of pricing, so the offset is remembered for each UTC day that begins and ends with the same one.
 * On the few days of a change it is asked for again each time. (No zone changes its offset twice within a day and back.)
 */
function makeZone(timeZone: string): Zone {
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const ask = (epochSeconds: number): number => {
    const [month, day, year, hour, minute, second] = (formatter.format(epochSeconds * 1000).match(/\d+/g) ?? []).map(Number);
    if (second === undefined) throw new RangeError(`cannot read the local time of ${timeZone}`);
    return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second) / 1000 - epochSeconds;
  };
  const offsetOfDay = new Map<number, number | undefined>();
  return {
    offsetAt(epochSeconds) {
      const day = Math.floor(epochSeconds / SECONDS_PER_DAY);
      if (!offsetOfDay.has(day)) {
        if (offsetOfDay.size >= MOST_CACHED_DAYS) offsetOfDay.clear();
        const atStart = ask(day * SECONDS_PER_DAY);
        offsetOfDay.set(day, atStart === ask((day + 1) * SECONDS_PER_DAY) ? atStart : undefined);
      }
      return offsetOfDay.get(day) ?? ask(epochSeconds);
    },
  };
}
