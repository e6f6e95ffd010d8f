import { budgetTable } from './budget-table.ts';

/** The budget table as Markdown. */
export const budgetPage = (): string => {
  const rows = Object.values(budgetTable).map(
    ({ scope, what, limit, unit, beyond }) => `| ${scope} | ${what} | ${limit} ${unit} | ${beyond} |`,
  );
  return `# Limits

Generated from \`ingest/src/budget/budget-table.ts\`. Do not edit this page: change the table, then run
\`npx vitest run --project ingest budget-page -u\`. Limits that environment variables set are in [configuration](configuration.md).

| for each | what | limit | beyond it |
|---|---|---|---|
${rows.join('\n')}
`;
};
