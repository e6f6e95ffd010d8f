import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { openapiDocument } from '../../src/api/openapi.ts';
import type { OpenapiOperation } from '../../src/api/openapi.ts';
import { closedSchema, dateTime } from './closed-schema.ts';

const document = openapiDocument();
const schemas = closedSchema(document.components.schemas);
const ajv = new Ajv2020({ strict: false, allErrors: false });
ajv.addFormat('date-time', dateTime);
ajv.addFormat('uri', true);

interface Candidate {
  path: string;
  pattern: RegExp;
  parameters: number;
}

/** Paths with fewer parameters first: `/start` is not an id. */
const candidates: Candidate[] = Object.keys(document.paths)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
    parameters: path.split('{').length,
  }))
  .toSorted((a, b) => a.parameters - b.parameters);

const operationOf = (method: string, pathname: string): { path: string; operation: OpenapiOperation } | null => {
  for (const { path, pattern } of candidates) {
    const operation = pattern.test(pathname) ? document.paths[path]?.[method.toLowerCase()] : undefined;
    if (operation !== undefined) return { path, operation };
  }
  return null;
};

const validators = new Map<string, ValidateFunction>();

export interface SeenAnswer {
  method: string;
  /** With the query. */
  path: string;
  status: number;
  contentType: string | null;
  text: string;
}

/** Of which operations which answers were seen. */
export const seenAnswers = new Set<string>();

/** Throws when the answer is not as `/openapi.json` describes it. What is no route of the server is no concern of it. */
export const demandDescribed = ({ method, path, status, contentType, text }: SeenAnswer): void => {
  const [pathname = ''] = path.split('?');
  const found = operationOf(method, pathname);
  if (found === null) return;
  const what = `${method} ${found.path} answered ${status}`;
  const response = found.operation.responses[status];
  if (response === undefined) throw new Error(`${what}, which /openapi.json does not know: ${text.slice(0, 300)}`);
  seenAnswers.add(`${found.operation.operationId} ${status}`);
  const [type = ''] = (contentType ?? '').split(';');
  const { content } = response;
  if (content === undefined) {
    if (text !== '') throw new Error(`${what} with a body, which /openapi.json does not know`);
    return;
  }
  const described = content[type];
  if (described === undefined) throw new Error(`${what} as ${type}; described: ${Object.keys(content).join(', ')}`);
  if (!type.endsWith('json') || described.schema === undefined) return;
  const key = `${what} ${type}`;
  const schema = { ...(closedSchema(described.schema) as object), components: { schemas } };
  const validate = validators.get(key) ?? ajv.compile(schema);
  validators.set(key, validate);
  if (validate(JSON.parse(text))) return;
  throw new Error(`${what}, not as described: ${ajv.errorsText(validate.errors)}: ${text.slice(0, 500)}`);
};
