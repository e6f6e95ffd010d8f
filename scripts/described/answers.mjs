import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaCheck } from './closed-schema.mjs';

/**
 * Compares answers with an OpenAPI document.
 * @returns for an answer: null when it is of no route that is described; otherwise which operation it is of, and what is wrong with it
 * (null: nothing).
 */
export const answerCheck = (document) => {
  const check = schemaCheck(new Ajv2020({ strict: false }), document.components);
  // Paths with fewer parameters first: `/start` is not an id.
  const candidates = Object.keys(document.paths)
    .map((path) => ({
      path,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
      parameters: path.split('{').length,
    }))
    .toSorted((a, b) => a.parameters - b.parameters);

  const wrongWith = (what, response, contentType, text) => {
    if (response === undefined) return 'which is not described';
    const [type] = (contentType ?? '').split(';');
    if (response.content === undefined) return text === '' ? null : 'with a body, which is not described';
    const described = response.content[type];
    if (described === undefined) return `as ${type}, which is not described`;
    if (!type.endsWith('json') || described.schema === undefined) return null;
    return check(`${what} ${type}`, described.schema, JSON.parse(text));
  };

  return ({ method, path, status, contentType, text }) => {
    const [pathname] = path.split('?');
    for (const { path: template, pattern } of candidates) {
      const operation = pattern.test(pathname) ? document.paths[template][method.toLowerCase()] : undefined;
      if (operation === undefined) continue;
      const what = `${method} ${template} ${status}`;
      return { what, wrong: wrongWith(what, operation.responses[status], contentType, text) };
    }
    return null;
  };
};
