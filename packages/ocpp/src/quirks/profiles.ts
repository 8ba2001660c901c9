// The profiles, each with where its behaviour was seen. One that no public report shows does not belong here, and neither does one that the
// general tolerance (tolerance.ts) covers: over-long serial numbers, timestamps without a zone, empty lists of readings and the like.
import type { OcppVersion } from '../version';
import { fits, type QuirkProfile, type StationMake } from './quirk-profile';

export const QUIRK_PROFILES: readonly QuirkProfile[] = [
  {
    name: 'aefa-home',
    versions: ['1.6'],
    vendor: /^aefa\b/i,
    quirks: [
      {
        kind: 'brokenText',
        found: /("transactionId"\s*:\s*)(?=,)/,
        meant: '$1null',
        evidence: 'Firmware A1B_2.8 sends every MeterValues with `"transactionId":,` and no value: github.com/lbbrhzn/ocpp/issues/2032.',
      },
    ],
  },
  {
    name: 'abb-terra-ac',
    versions: ['1.6'],
    vendor: /^abb\b/i,
    quirks: [
      {
        kind: 'impossibleDay',
        evidence: 'On 1 March 2022 Terra AC stations said 2022-02-29 until a firmware update: github.com/steve-community/steve/issues/769.',
      },
    ],
  },
  {
    name: 'legrand-green-up',
    versions: ['1.6'],
    vendor: /^legrand\b/i,
    quirks: [
      {
        kind: 'literal',
        action: 'StatusNotification',
        field: 'errorCode',
        said: 'Error',
        meant: 'OtherError',
        evidence: 'A faulted Green’up says errorCode Error, which is none of the sixteen: github.com/lbbrhzn/ocpp/issues/1248.',
      },
    ],
  },
];

export function quirkProfileOf(version: OcppVersion, make: StationMake): QuirkProfile | undefined {
  return QUIRK_PROFILES.find((profile) => fits(profile, version, make));
}
