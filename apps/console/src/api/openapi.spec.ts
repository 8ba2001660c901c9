import { mismatch, Problem, problemCodes } from '@evenkeel/contracts';
import { httpStatusOf } from '@evenkeel/service';
import { problemKinds } from '../problem/problems';
import { openApiDocument, problemsOf } from './openapi';
import { operationEntries } from './operations';

const document = openApiDocument();
const text = JSON.stringify(document);
const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);

function at(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

interface Described {
  operationId: string;
  tags: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { $ref?: string }>;
  requestBody?: { content: Record<string, { schema: object; example: unknown }> };
}

const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as Described })),
);

describe('the OpenAPI document', () => {
  it('describes every operation of the table, and no other', () => {
    const wanted = operationEntries.map(([name, { method, path }]) => `${name} ${method} /api${path}`);
    expect(described.map(({ path, method, operation }) => `${operation.operationId} ${method.toUpperCase()} ${path}`).sort()).toEqual(
      wanted.sort(),
    );
  });

  it('has no reference that leads nowhere, and no named schema that nothing refers to', () => {
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(named.filter((reference) => !references.includes(reference))).toEqual([]);
  });

  it('declares exactly the parameters that are in each path', () => {
    for (const { path, operation } of described) {
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  it('opens without a login only what tells how to log in', () => {
    const open = described.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ operation }) => operation.operationId).sort()).toEqual(['index', 'login', 'openApi']);
  });

  it('lets a viewer only read', () => {
    const changing = operationEntries.filter(([, { method, access }]) => method !== 'GET' && access !== 'operator' && access !== 'admin');
    expect(changing.map(([name]) => name)).toEqual(['login']);
  });

  it('promises a response for each problem of an operation', () => {
    for (const [name, operation] of operationEntries) {
      const responses = described.find((each) => each.operation.operationId === name)?.operation.responses ?? {};
      const statuses = problemsOf(operation).map((kind) => problemKinds[kind].status);
      for (const status of statuses) expect(responses[status]?.$ref).toBe(`#/components/responses/Problem${status}`);
    }
  });

  it('has schemas that compile, references included', () => {
    for (const name of Object.keys(document.components.schemas)) {
      const schema = { $ref: `#/components/schemas/${name}`, components: document.components };
      expect(() => mismatch(schema as never, {})).not.toThrow();
    }
  });

  it('has an example for each body, and each fits, by the table and by the document', () => {
    for (const [name, { body, example }] of operationEntries) {
      if (!body) continue;
      const content = described.find((each) => each.operation.operationId === name)?.operation.requestBody?.content['application/json'];
      expect([name, mismatch(body, example)]).toEqual([name, undefined]);
      expect(content?.example).toEqual(example);
      expect(mismatch({ ...content?.schema, components: document.components } as never, example)).toBeUndefined();
    }
  });

  it('gives the codes of the other services the status that every edge gives them', () => {
    for (const code of problemCodes) expect([code, problemKinds[code].status]).toEqual([code, httpStatusOf(new Problem(code, ''))]);
  });
});
