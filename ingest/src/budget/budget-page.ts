import { budgetTable } from './budget-table.ts';
import type { BudgetRow } from './budget-table.ts';

const limitOf = ({ limit, burst, unit }: BudgetRow): string =>
  burst === undefined ? `${limit} ${unit}` : `${limit} ${unit}, after ${burst} at once`;

/** The budget table as Markdown. */
export const budgetPage = (): string => {
  const rows = Object.entries(budgetTable).map(
    ([name, row]: [string, BudgetRow]) =>
      `| ${row.scope} | ${row.what} | ${limitOf(row)} | ${row.beyond} | \`${name}\` |`,
  );
  return `# Limits

Generated from \`ingest/src/budget/budget-table.ts\`. Do not edit this page: change the table, then run
\`npx vitest run --project ingest budget-page -u\`. Limits that environment variables set are in [configuration](configuration.md):
messages and bytes a second, frames a second, requests a second of a user and of an address, refused requests of an address, connections of a user, of an
address and of the process. Messages and bytes count per user
and channel, requests per user, frames per session, over all connections to one replica; with several replicas a user can spend them once on each.
Rows, sessions, report reads and exports count over all replicas.

The last column is the label \`limit\` of \`invigil_budget_refused_total\`. The metric counts the limits on rows, sessions and presence, and
those that environment variables set (\`frames\`, \`messages\`, \`requests\`, \`connections\`, \`addressRequests\`, \`addressRefusals\`). Refusals by the
other limits are counted only in \`invigil_messages_refused_total\`, \`invigil_upgrades_refused_total\` and \`invigil_http_seconds\`.

| for each | what | limit | beyond it | label |
|---|---|---|---|---|
${rows.join('\n')}
`;
};
