import * as v from 'valibot';

/** Longest text of a schema's message that is sent to a client: the message may quote the client's own input. */
const maxMessageLength = 300;

/** The first thing that a schema found wrong: the dotted path of the field, empty for the whole value, and why. */
export const firstIssue = (issues: readonly v.BaseIssue<unknown>[]): { field: string; message: string } => {
  const issue = issues[0];
  if (issue === undefined) return { field: '', message: 'invalid' };
  return { field: v.getDotPath(issue) ?? '', message: issue.message.slice(0, maxMessageLength) };
};
