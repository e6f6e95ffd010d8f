import * as v from 'valibot';

/** Schema messages sent to clients are cut to this length, because they may quote the client's own input. */
const maxMessageLength = 300;

/** The first issue that a schema found: the dotted path of the field (empty for the whole value) and the reason. */
export const firstIssue = (issues: readonly v.BaseIssue<unknown>[]): { field: string; message: string } => {
  const issue = issues[0];
  if (issue === undefined) return { field: '', message: 'invalid' };
  return { field: v.getDotPath(issue) ?? '', message: issue.message.slice(0, maxMessageLength) };
};
