import { appNames, type Message, messages, requests } from './flow';
import { type Answers, answeredBy, askedBy, type Hears, heardBy, type SaidBy, saidBy } from './flow-roles';
import { permissionsOf } from './permissions';
import { consumerName, messageSubject, stationCallSubject } from './subjects';

// These functions are never run: they are proofs that the compiler checks. Each `@ts-expect-error` fails the build when its line compiles.
function proofs(session: Message<'sessionCompleted'>) {
  const own: SaidBy<'session-ledger'> = 'sessionCompleted';
  // @ts-expect-error billing does not say what the ledger says.
  const foreign: SaidBy<'billing'> = 'sessionCompleted';
  const complete: Pick<Hears<'billing'>, 'sessionCompleted'> = { sessionCompleted: async () => void session };
  // @ts-expect-error a listener that misses messages addressed to billing is not billing's intake.
  const incomplete: Hears<'billing'> = complete;
  // @ts-expect-error the registry answers more than this.
  const answers: Answers<'registry'> = {};
  return [own, foreign, incomplete, answers];
}

describe('the flow', () => {
  it('compiles its proofs that no service says a foreign message or misses its own', () => {
    expect(typeof proofs).toBe('function');
  });

  it('lets every message be heard and every request be asked by somebody', () => {
    // What is owed after a correction is said for whoever moves money; no service of ours does that yet.
    const said = appNames.flatMap(saidBy).filter((name) => name !== 'refundOwed' && name !== 'additionalClaimOwed');
    for (const name of said) expect(messages[name].heardBy.length).toBeGreaterThan(0);
    for (const name of appNames.flatMap(answeredBy)) expect(requests[name].askedBy.length).toBeGreaterThan(0);
    expect(new Set(appNames.flatMap(saidBy)).size).toBe(Object.keys(messages).length);
  });

  it('uses every subject and every consumer once', () => {
    const subjects = [...Object.values(messages), ...Object.values(requests)].map((declaration) => declaration.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    const consumers = appNames.flatMap((app) => heardBy(app).map((name) => consumerName(app, name)));
    expect(new Set(consumers).size).toBe(consumers.length);
  });

  it('puts the party, and for a station its encoded id, into the subject', () => {
    expect(messageSubject('sessionCompleted', 'US-CHG')).toBe('session.completed.us-chg');
    expect(stationCallSubject('US-CHG', 'RDAM 1.2*>')).toBe('call.us-chg.rdam_201_2e2_2a_3e');
  });
});

describe('NATS permissions', () => {
  it('allow a service its own subjects and no others', () => {
    const billing = permissionsOf('billing');
    expect(billing.publish).toContain('cdr.issued.*');
    expect(billing.publish).toContain('$JS.API.CONSUMER.MSG.NEXT.SESSIONS.billing_session-completed');
    expect(billing.publish).not.toContain('fact.*');
    expect(billing.publish.filter((subject) => subject.startsWith('registry.'))).toEqual(['registry.ask.tariff-in-force']);
    const ofBilling = (name: string) => `billing.${name}`;
    expect(billing.subscribe).toEqual([
      '_INBOX_billing.>',
      ...['accept-dispute', 'bill-purchase', 'explain-cdr', 'explain-driver-bill', 'get-cdr', 'get-driver-bill', 'list-cdrs'].map(
        ofBilling,
      ),
      ...['list-disputes', 'list-driver-bills', 'list-retail-tariffs', 'list-unbilled', 'remove-retail-tariff'].map(ofBilling),
      ...['set-retail-tariff', 'settlement-statement', 'trial-balance'].map(ofBilling),
    ]);
    expect(permissionsOf('console').publish.some((subject) => subject.startsWith('$JS.API.CONSUMER'))).toBe(false);
  });

  it('let only the gateway touch the transaction ids', () => {
    const users = appNames.filter((app) => permissionsOf(app).publish.some((subject) => subject.startsWith('$KV.')));
    expect(users).toEqual(['ocpp-gateway']);
    expect(askedBy('registry')).toContain('callStation');
  });
});
