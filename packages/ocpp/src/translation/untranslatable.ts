// What is asked cannot be said in the version that the station speaks.
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}
