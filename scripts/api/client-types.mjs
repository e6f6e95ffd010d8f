import { typescriptOf } from './typescript-of-schema.mjs';

/** Parameters of the path or the query as one field of the request; null when there are none. */
const parametersOf = (parameters, where) => {
  const its = parameters.filter((parameter) => parameter.in === where);
  if (its.length === 0) return null;
  const fields = its.map(({ name, required, schema }) => {
    const type = typescriptOf(schema);
    // A query is text; whoever calls may as well give a number.
    return `${name}${required ? '' : '?'}: ${type === 'string' && where === 'query' ? 'string | number' : type}`;
  });
  return `${where}${its.some(({ required }) => required) ? '' : '?'}: { ${fields.join('; ')} }`;
};

const requestOf = ({ parameters, requestBody }) => {
  const parts = [
    parametersOf(parameters, 'path'),
    parametersOf(parameters, 'query'),
    requestBody === undefined ? null : `body: ${typescriptOf(requestBody.content['application/json'].schema)}`,
  ].filter((part) => part !== null);
  return `{ ${parts.join('; ')} }`;
};

/** What the successful answers hold: JSON as its type, anything else as text, nothing as null. */
const answerOf = ({ responses }) => {
  const types = Object.entries(responses)
    .filter(([status]) => Number(status) < 300)
    .flatMap(([, { content }]) =>
      content === undefined
        ? ['null']
        : Object.entries(content).map(([type, { schema }]) =>
            type.endsWith('json') ? (type === 'application/json' ? typescriptOf(schema) : 'unknown') : 'string',
          ),
    );
  return [...new Set(types)].join(' | ');
};

const operationsOf = ({ paths }) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** The TypeScript of the client's types and routes, not yet formatted. */
export const clientTypes = (document) => {
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typescriptOf(schema)};`,
  );
  const operations = operationsOf(document);
  const shapes = operations.map(
    ({ operation }) => `/** ${operation.summary} */
  ${operation.operationId}: { request: ${requestOf(operation)}; answer: ${answerOf(operation)} };`,
  );
  const routes = operations.map(({ path, method, operation }) => `${operation.operationId}: ['${method}', '${path}'],`);
  return `// Made from /openapi.json by \`npm run api\`. Change the schemas that it is made from instead.

${schemas.join('\n\n')}

/** What each operation asks for and answers. */
export interface ApiOperations {
  ${shapes.join('\n  ')}
}

/** Method and path of each operation. */
export const apiRoutes = {
  ${routes.join('\n  ')}
} as const satisfies Record<keyof ApiOperations, readonly [method: string, path: string]>;
`;
};
