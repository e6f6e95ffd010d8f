import { openapiDocument } from '@invigil/ingest/testing';
import { code, generatedFrom, table } from './markdown.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const rowsOf = (tag: string): string[][] =>
  Object.entries(openapiDocument().paths).flatMap(([path, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method];
      if (operation === undefined || !operation.tags.includes(tag)) return [];
      const successes = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
      return [[code(`${method.toUpperCase()} ${path}`), operation.summary, successes.join(', ')]];
    }),
  );

/** docs/reference/api/http.md */
export const httpApiPage = (): string => {
  const sections = openapiDocument().tags.map(
    ({ name, description }) =>
      `## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${description}\n\n${table(['request', 'purpose', 'success'], rowsOf(name))}`,
  );
  return `# HTTP API and typed client

${generatedFrom("the server's OpenAPI document")}

A running server describes every parameter, body and response at \`/docs\` and \`/openapi.json\`. \`@invigil/protocol/client\` is typed from the same
document: a method takes one of these paths and resolves with \`data\` or, for a status of 400 and above, with \`error\`, a
[problem](../errors.md). It rejects only if the network fails. A response that is not JSON needs \`parseAs: 'text'\`.

\`\`\`ts
import { createApiClient } from '@invigil/protocol/client';

const api = createApiClient({ baseUrl: 'https://proctor.example.edu', token: () => currentToken() });
const { data: session, error } = await api.GET('/api/v1/session/{session_id}', {
  params: { path: { session_id: 'b1946ac9' } },
});
if (error) console.error(error.code, error.detail);
else console.log(session.status);
\`\`\`

[Authorisation](../authorisation.md) lists who may send each request.

${sections.join('\n\n')}
`;
};
