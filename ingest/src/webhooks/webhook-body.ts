import type { WebhookFormat } from '@invigil/protocol/channels';
import type { WebhookEvent } from './webhook-event.ts';
import { xapiStatements } from './xapi-statements.ts';

/** Statements in one request. A report can have thousands, and learning record stores limit the size of a request. */
const statementsAtOnce = 100;

const statementBodies = (event: WebhookEvent, homePage: string): string[] => {
  const statements = xapiStatements(event, homePage);
  const requests = Math.ceil(statements.length / statementsAtOnce);
  return Array.from({ length: requests }, (_, at) =>
    JSON.stringify(statements.slice(at * statementsAtOnce, (at + 1) * statementsAtOnce)),
  );
};

/** The bodies of the requests that tell a receiver of this format about an event; empty if the format has nothing for it. */
export const webhookBodies = (event: WebhookEvent, format: WebhookFormat, homePage: string): string[] => {
  if (format === 'xapi') return statementBodies(event, homePage);
  const { type, timestamp, data } = event;
  return [JSON.stringify({ type, timestamp, data })];
};
