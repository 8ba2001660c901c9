// Numbers that stations give back: of requests, of profiles. OCPP's integers have 32 bits, and a random one meets no other by accident.
import { randomInt } from 'node:crypto';

const LARGEST = 2 ** 31 - 1;

export function newRequestNumber(): number {
  return randomInt(1, LARGEST);
}
