// `npm run load:pricing`: how many typical sessions are priced a second on one core, and past sessions rated anew under another tariff. Typical is
// a session of six periods by a tariff of four elements. The baseline of the same run reads and writes the same sessions as JSON, which whoever
// rates stored sessions has to do at the least. CPU time is told beside the clock's: on a shared machine only the first means much.
import { Money } from '@evenkeel/money';
import { priceSession, type SessionToPrice, type Tariff } from '@evenkeel/tariff';
import { SESSIONS_A_YEAR, sessionOf, TIME_ZONE, tariffA, tariffB } from './typical-sessions';

/** How many are rated anew; `LOAD_SESSIONS=5475000` is a year of Chargem. */
const RATED_ANEW = Number(process.env.LOAD_SESSIONS ?? 300_000);
const SEED = Number(process.env.LOAD_SEED ?? 1);
/** Different ones, rated again and again. */
const DIFFERENT = 20_000;
const WARM_UP = 20_000;
const MEASURED = 200_000;
const LOOKED_AT_MEMORY_EVERY = 5_000;
const MEBIBYTE = 2 ** 20;

const print = (line: string) => process.stdout.write(`${line}\n`);
const price = (session: SessionToPrice, tariff: Tariff) => priceSession({ tariff, timeZone: TIME_ZONE, session });

function main(): void {
  for (let index = 0; index < WARM_UP; index += 1) price(sessionOf(SEED, index), index % 2 === 0 ? tariffA : tariffB);
  // First, while the process holds nothing else: the most memory that it ever had is then that of rating.
  const anew = rateAnew();
  const sessions = Array.from({ length: DIFFERENT }, (_, number) => sessionOf(SEED, number));
  const texts = sessions.map((session) => JSON.stringify(session));
  const measured = [
    measure('read and written as JSON', MEASURED, (index) => void JSON.stringify(JSON.parse(texts[index % DIFFERENT] ?? ''))),
    measure('priced', MEASURED, (index) => void price(sessions[index % DIFFERENT] as SessionToPrice, tariffA)),
    anew.made,
    anew.rated,
  ];
  print(`Node ${process.version}; sessions of 6 periods, a tariff of 4 elements\n`);
  print('| what | sessions | seconds | of CPU | sessions a second | a second of CPU | µs of CPU each |\n|---|---|---|---|---|---|---|');
  for (const { what, times, seconds, cpuSeconds } of measured) {
    const cells = [what, inWords(times), seconds.toFixed(0), cpuSeconds.toFixed(0), inWords(times / seconds), inWords(times / cpuSeconds)];
    print(`| ${cells.join(' | ')} | ${((cpuSeconds * 1e6) / times).toFixed(1)} |`);
  }
  const share =
    RATED_ANEW === SESSIONS_A_YEAR ? 'a year of Chargem' : `${((100 * RATED_ANEW) / SESSIONS_A_YEAR).toFixed(1)} % of a year of Chargem`;
  print(
    `\nrated anew: ${share}, ${anew.due} USD before taxes; at most ${anew.heapMebibytes} MiB of heap, ${anew.residentMebibytes} MiB resident`,
  );
}

interface Measured {
  readonly what: string;
  readonly times: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function measure(what: string, times: number, work: (index: number) => void): Measured {
  const [beganMs, began] = [performance.now(), process.cpuUsage()];
  for (let index = 0; index < times; index += 1) work(index);
  const { user, system } = process.cpuUsage(began);
  return { what, times, seconds: (performance.now() - beganMs) / 1e3, cpuSeconds: (user + system) / 1e6 };
}

/** Each session is made, priced and forgotten; what making them costs is measured on its own. */
function rateAnew() {
  const made = measure('only made', Math.min(RATED_ANEW, MEASURED), (index) => void sessionOf(SEED, index));
  let heapBytes = 0;
  let due = Money.zero('USD');
  const rated = measure('made and rated anew', RATED_ANEW, (index) => {
    due = due.add(Money.parse(price(sessionOf(SEED, index), tariffB).total.beforeTaxes ?? '0', 'USD'));
    if (index % LOOKED_AT_MEMORY_EVERY === 0) heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed);
  });
  const residentMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  return { made, rated, due, heapMebibytes: Math.round(heapBytes / MEBIBYTE), residentMebibytes };
}

function inWords(number: number): string {
  return Math.round(number).toLocaleString('en');
}

main();
