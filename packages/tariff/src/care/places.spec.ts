import { currencyOf, jurisdictionsOf } from './places';

it.each([
  ['USA', undefined, ['nevi'], 'USD'],
  ['USA', 'CA', ['nevi', 'california'], 'USD'],
  ['USA', 'California', ['nevi', 'california'], 'USD'],
  ['USA', 'NV', ['nevi'], 'USD'],
  ['DEU', 'CA', ['afir', 'eichrecht'], 'EUR'],
  ['SWE', undefined, ['afir'], 'SEK'],
  ['GBR', undefined, [], 'GBP'],
  ['ZAF', undefined, [], undefined],
] as const)('%s %s', (country, state, jurisdictions, currency) => {
  expect(jurisdictionsOf({ country, ...(state === undefined ? {} : { state }) })).toEqual(jurisdictions);
  expect(currencyOf(country)).toBe(currency);
});

it('knows all countries of the European Union', () => {
  const union = 'AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE'.split(' ');
  expect(union).toHaveLength(27);
  expect(union.filter((country) => !jurisdictionsOf({ country }).includes('afir') || currencyOf(country) === undefined)).toEqual([]);
});
