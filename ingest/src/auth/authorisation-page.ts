import { ROLES, accessTable } from './access-table.ts';
import type { Reach } from './access-table.ts';

const words: Record<Reach, string> = {
  any: 'yes',
  own: 'own',
  enrolled: 'own exams',
  taught: 'own exams',
  self: 'own name',
  never: '–',
};

/** The access table as a page for people. */
export const authorisationPage = (): string => {
  const rows = Object.entries(accessTable).map(
    ([action, access]) =>
      `| ${access.what} (\`${action}\`) | ${access.doors.map((door) => `\`${door}\``).join('<br>')} | ${ROLES.map((role) => words[access[role]]).join(' | ')} |`,
  );
  return `# Who may do what

Printed from \`ingest/src/auth/access-table.ts\`, which the server asks at every door; a test walks through every cell against a
running server. Do not edit this page: change the table, then run \`npx vitest run --project ingest access-table -u\`.

- **own**: the session, the report, the place in an exam that is the student's; a session's token: that session.
- **own exams**: a student those they are enrolled in; a session's token the exam of its session; a teacher those they teach, and
  exams that are not known here yet.
- **own name**: what belongs to the user of the token, and nobody else.
- No token, or one that is wrong, expired or for another audience: 401, on a WebSocket close code 1008. A token that does not reach:
  403, on a WebSocket 1008.
- A WebSocket does not outlive its token: it is closed with 4004 when that ends. A key server that does not answer is nobody's fault: 503,
  on a WebSocket 1013.
- With \`AUTH=dev\` (loopback only) a request without a token counts as an admin's.

| what | doors | no token | student | session token | teacher | admin |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
};
