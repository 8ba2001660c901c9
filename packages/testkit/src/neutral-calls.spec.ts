// Here, because the payloads are made by the test kit, which knows the schemas.
import { csmsActions, meaningOf, requestSchema, responseSchema, sayIn, Untranslatable } from '@evenkeel/ocpp';
import { validPayload } from './ocpp-payloads';

const seeds = [1, 2, 3, 4, 5, 6];

/** OCPP 1.6 asks for all keys by naming none, and may answer with none: OCPP 2.1 has no words for that. */
function violationOf(action: string, direction: 'request' | 'response', payload: object): string | undefined {
  const { getVariableData, getVariableResult } = payload as { getVariableData?: unknown[]; getVariableResult?: unknown[] };
  if (action === 'GetVariables' && (getVariableData ?? getVariableResult)?.length === 0) return undefined;
  const violation = (direction === 'request' ? requestSchema : responseSchema)('2.1', action)?.explain(payload);
  return violation && `${action}: ${violation.description}`;
}

describe.each(csmsActions('1.6'))('OCPP 1.6 %s', (action) => {
  it('means a valid call of OCPP 2.1, and its answer a valid answer', () => {
    for (const seed of seeds) {
      const request = validPayload('1.6', action, 'request', { seed, fullness: (seed % 3) / 2 });
      const meant = meaningOf('1.6', action, request);
      if (meant === undefined) throw new Error('it has no meaning');
      expect(violationOf(meant.action, 'request', meant.request)).toBeUndefined();
      const answer = meant.answer(validPayload('1.6', action, 'response', { seed, fullness: seed % 2 }));
      expect(violationOf(meant.action, 'response', answer)).toBeUndefined();
    }
  });
});

describe.each(csmsActions('2.1'))('OCPP 2.1 %s', (action) => {
  it.each(['1.6', '2.0.1', '2.1'] as const)('is a valid call in OCPP %s, or cannot be said there', (version) => {
    for (const seed of seeds) {
      const request = validPayload('2.1', action, 'request', { seed, fullness: (seed % 3) / 2 });
      let said: ReturnType<typeof sayIn>;
      try {
        said = sayIn(version, action, request);
      } catch (error) {
        expect(error).toBeInstanceOf(Untranslatable);
        continue;
      }
      expect([said.action, requestSchema(version, said.action)?.explain(said.payload)]).toEqual([said.action, undefined]);
      const answer = said.answer(validPayload(version, said.action, 'response', { seed, fullness: seed % 2 }));
      expect(violationOf(action, 'response', answer)).toBeUndefined();
    }
  });
});
