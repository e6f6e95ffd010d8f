import { roles } from './access-roles.ts';
import type { Reach } from './access-roles.ts';
import { accessTable } from './access-table.ts';

const words: Record<Reach, string> = {
  any: 'yes',
  own: 'own',
  enrolled: 'own exams',
  taught: 'own exams',
  taughtOrNew: 'own and new exams',
  self: 'own name',
  never: '–',
};

/** The page docs/reference/authorisation.md. */
export const authorisationPage = (): string => {
  const rows = Object.entries(accessTable).map(
    ([action, access]) =>
      `| ${access.what} (\`${action}\`) | ${access.endpoints.map((endpoint) => `\`${endpoint}\``).join('<br>')} | ${roles.map((role) => words[access[role]]).join(' | ')} |`,
  );
  return `# Authorisation

Generated from \`ingest/src/auth/access-table.ts\`, which the server consults for every request and connection; a test checks every cell
against a running server. Do not edit this page: change the table, then run \`npx vitest run --project ingest access-table -u\`.

- **own**: the student's own session, report and place in an exam; for a session's token: that session; for a personal link: in its exam.
- **own exams**: for a student, exams in which they are enrolled; for a session's token or a personal link, its exam; for a teacher, exams that they teach.
- **own and new exams**: the same, and exams that do not exist yet. A student’s session creates an exam only with \`UNREGISTERED_EXAMS=allow\`.
- **own name**: only what belongs to the token's user.
- A missing, invalid or expired token, or one for another audience, gives 401, or close code 1008 on a WebSocket. The answer
  names the claim at fault; clocks may differ by 10 seconds. A valid token whose user id cannot be used here gives 400. A valid token
  without permission gives 403, or 1008.
- The server closes a WebSocket with 4004 when its token expires. If the key server does not respond, the request gets 503, or
  close code 1013.
- With \`AUTH=oidc\`, the pages of staff get their tokens from \`/auth\`, with a cookie ([sign-in](../operations/sign-in.md)). Everything in this
  table needs the token.
- With \`AUTH=dev\` (loopback only), a request without a token counts as an admin's.

| action | endpoints | no token | student | personal link | session token | teacher | admin |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
};
