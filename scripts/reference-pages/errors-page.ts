import { closeCodes } from '@invigil/protocol/channels';
import { statusOf } from '@invigil/ingest/testing';
import { docComments } from './doc-comments.ts';
import { code, generatedFrom, table } from './markdown.ts';

const problemSource = 'protocol/src/channels/problem.ts';
const closeSource = 'protocol/src/channels/close-codes.ts';

const problemTable = (): string => {
  const docs = docComments(problemSource);
  const rows = Object.entries(statusOf).map(([problem, status]) => {
    const doc = docs.get(problem);
    if (doc === undefined) throw new Error(`${problemSource}: ${problem} has no doc comment`);
    return [code(problem), String(status), doc];
  });
  return table(['code', 'HTTP status', 'meaning'], rows);
};

const closeTable = (): string => {
  const docs = docComments(closeSource);
  const rows = Object.entries(closeCodes).map(([name, { code: number, reason, reconnect }]) => [
    String(number),
    docs.get(name) ?? (reason === '' ? name : reason),
    reconnect ? 'yes' : 'no',
  ]);
  return table(['close code', 'meaning', 'reconnect'], rows);
};

/** docs/reference/errors.md */
export const errorsPage = (): string => `# Errors and close codes

${generatedFrom(`${code(problemSource)} and ${code(closeSource)}`)}

## Problem codes

HTTP errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems with a \`code\`, and with a \`request_id\` that finds the
request in the [log](logs.md). On WebSockets, errors are
\`{type:"error", code, message, field?, seq?}\`. \`field\` names the invalid field, \`seq\` the rejected frame.

${problemTable()}

## WebSocket close codes

The last column states whether a client should reconnect without user action. Clients should also reconnect after codes that
this table does not list, because they mean a lost connection. Proxies and gateways close connections with some of these codes too:
without the server's reason (such as “session ended”), the connection is only lost.

${closeTable()}
`;
