// What a token was at an instant, from its sealed events.
import { cardOf, grace, IdentitiesUnderTest, party } from './identities-under-test';

let identities: IdentitiesUnderTest;

beforeAll(async () => {
  identities = await IdentitiesUnderTest.start();
});
afterAll(() => identities.stop());

it('TX-15: knows every version of a token by its time, and none any more once it is erased', async () => {
  const { desk, vault } = identities;
  const card = cardOf(grace, '04C0FFEE');
  const issued = vault.issued(card);
  const before = new Date(Date.now() - 1_000).toISOString();
  await desk.putToken(card, { cause: 'c1' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const between = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await desk.putToken({ ...card, valid: false }, { cause: 'c2' });
  const validAt = async (at: string) => (await desk.tokenAt(issued, at))?.valid;
  expect([await validAt(before), await validAt(between), await validAt(new Date().toISOString())]).toEqual([true, true, false]);
  await desk.eraseToken({ actor: { operator: 'ada' }, token: issued }, { cause: 'c3' });
  expect(await desk.tokenAt(issued, between)).toBeUndefined();
  expect(await desk.tokenAt({ party, key: 'b'.repeat(32), type: 'RFID' }, between)).toBeUndefined();
});
