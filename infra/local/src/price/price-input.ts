// Reads the files that `npm run price` is given. What is wrong with one is said in one line: the file, the path in it, and the reason.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Read } from '@evenkeel/ocpi';

export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** A file that was named where npm was called. @throws BadInput */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(resolve(process.env.INIT_CWD ?? '.', file), 'utf8');
  } catch (error) {
    throw new BadInput(`${file}: cannot be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${file}: is no JSON: ${messageOf(error)}`);
  }
}

/** @param where in the file, where it is a part of it. @throws BadInput */
export function understood<T>(read: Read<T>, file: string, where = ''): T {
  if (read.ok) return read.value;
  const [, path = '', reason = read.reason] = /^(\/\S*) (.*)$/s.exec(read.reason) ?? [];
  const place = `${where}${path}`
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  throw new BadInput(`${file}: ${place === '' ? '' : `${place}: `}${reason.replaceAll(/\s+/g, ' ')}`);
}

/** @throws BadInput for a zone that the IANA data does not know. */
export function timeZoneOf(name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    throw new BadInput(`${name} is no time zone that the IANA data knows`);
  }
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}
