// Whole sessions, each as the frames of its station in the order in which they were said.
import { drivers } from './demonstration-registry';
import { type Day, Transaction16, Transaction201, winterDay } from './frames';

/** One hour at $0.45 per kWh, charging from the first minute to the last. */
export function perKwhSession(idTag = drivers.roaming): string[] {
  const it = new Transaction16(idTag);
  return [
    it.start('10:00', 1_204_500),
    it.status('10:00', 'Charging'),
    it.reading('10:20', 1_208_600),
    it.reading('10:40', 1_212_700),
    it.stop('11:00', 1_216_845),
  ];
}

/** At $0.56 per kWh and $24.00 an idle hour: full after 42 and a half minutes, unplugged after 50. */
export function idlingSession(): string[] {
  const it = new Transaction16(drivers.roaming);
  return [
    it.status('09:59:40', 'Preparing'),
    it.start('10:00', 50_000),
    it.status('10:00', 'Charging'),
    it.reading('10:20', 61_000),
    it.reading('10:40', 73_000),
    it.reading('10:42:30', 74_000),
    it.status('10:42:30', 'SuspendedEV'),
    it.stop('10:50', 74_000),
  ];
}

/** From half past three to half past four, where 4 pm makes the kWh dearer: $0.39 before, $0.62 from then on. */
export function afternoonSession(day: Day): string[] {
  const it = new Transaction201(drivers.roaming, day);
  return [it.started('15:30', 100), it.reading('15:50', 102.4), it.reading('16:10', 105.4), it.ended('16:30', 108.5)];
}

/** At $0.45 per kWh; the station learns only after the start who the driver is. */
export function cardAfterCableSession(): string[] {
  const it = new Transaction201(drivers.roaming, winterDay);
  return [it.pluggedIn('12:00', 500), it.authorized('12:02'), it.reading('12:30', 505.5), it.ended('13:00', 512)];
}
