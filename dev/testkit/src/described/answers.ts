import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaCheck } from './closed-schema.ts';

interface DescribedResponse {
  content?: Record<string, { schema?: object }>;
}

/** The parts of an OpenAPI document that this check reads. */
export interface DescribedApi {
  paths: Record<string, Record<string, { responses: Record<string, DescribedResponse> }>>;
  components: { schemas?: unknown };
}

export interface SeenAnswer {
  method: string;
  /** With the query. */
  path: string;
  status: number;
  contentType: string | null;
  text: string;
}

/** The operation and status that an answer belongs to, and the problem with it; null for none. */
export interface CheckedAnswer {
  what: string;
  problem: string | null;
}

/** Compares answers with an OpenAPI document. @returns null for an answer of a route that the document does not have. */
export const answerCheck = (document: DescribedApi): ((answer: SeenAnswer) => CheckedAnswer | null) => {
  const check = schemaCheck(new Ajv2020({ strict: false }), document.components);
  // Paths with fewer parameters first: `/start` is not an id.
  const candidates = Object.entries(document.paths)
    .map(([path, operations]) => ({
      path,
      operations,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
      parameters: path.split('{').length,
    }))
    .toSorted((a, b) => a.parameters - b.parameters);

  const problemWith = (what: string, response: DescribedResponse | undefined, answer: SeenAnswer): string | null => {
    if (response === undefined) return 'undocumented status';
    const type = (answer.contentType ?? '').split(';')[0]!;
    if (response.content === undefined) return answer.text === '' ? null : 'undocumented body';
    const described = response.content[type];
    if (described === undefined) return `undocumented content type ${type}`;
    if (!type.endsWith('json') || described.schema === undefined) return null;
    return check(`${what} ${type}`, described.schema, JSON.parse(answer.text));
  };

  return (answer) => {
    const pathname = answer.path.split('?')[0]!;
    for (const { path, operations, pattern } of candidates) {
      const operation = pattern.test(pathname) ? operations[answer.method.toLowerCase()] : undefined;
      if (operation === undefined) continue;
      const what = `${answer.method} ${path} ${answer.status}`;
      return { what, problem: problemWith(what, operation.responses[String(answer.status)], answer) };
    }
    return null;
  };
};
