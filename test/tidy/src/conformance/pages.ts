// The pages of conformance, by the files that they are written to.
import { ocpiPage } from './ocpi-page';
import { ocppPage } from './ocpp-page';
import type { Coverage } from './page';
import type { TestTitle } from './test-titles';

export const pages: Readonly<Record<string, (titles: readonly TestTitle[]) => Coverage>> = {
  'packages/ocpp/CONFORMANCE.md': ocppPage,
  'packages/ocpi/CONFORMANCE.md': ocpiPage,
};
