import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { riskWeightsFor } from '../report/risk-weights.ts';
import { ruleSets } from './rule-set.ts';

const page = new URL('../../../docs/reference/analysis.md', import.meta.url);
const [start, end] = ['<!-- rules:start -->', '<!-- rules:end -->'];

const table = (): string => {
  const rows = Object.values(ruleSets).flatMap(({ version, rules, streamGapMs }) => [
    ...rules.map(({ type, minDurationMs, durationFactor, bridgeMs, alert }) => {
      const weight = riskWeightsFor(version).weights[type];
      const points =
        weight === undefined || weight.max_points === 0
          ? 'never counts'
          : `${weight.max_points}, at ${Math.round(weight.full_at_share * 100)} % of the time`;
      const weakest =
        durationFactor === undefined ? '' : ` to ${(minDurationMs * durationFactor(0)) / 1000} s, by confidence`;
      return `| ${version} | \`${type}\` | ${minDurationMs / 1000} s${weakest} | ${bridgeMs / 1000} s | ${alert ? 'yes' : ''} | ${points} |`;
    }),
    ...(streamGapMs === null ? [] : [`| ${version} | \`stream_gap\` | ${streamGapMs / 1000} s |  |  | never counts |`]),
  ]);
  return [
    '| version | observation | lasts at least | bridges | alert | most points |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
};

// `WRITE_DOCS=1 npx vitest run --project protocol rules-page` brings the page up to date.
test('docs/reference/analysis.md lists the current rules', async () => {
  const text = await readFile(page, 'utf8');
  const before = text.slice(0, text.indexOf(start) + start.length);
  const next = `${before}\n\n${table()}\n\n${text.slice(text.indexOf(end))}`;
  if (process.env['WRITE_DOCS'] === '1') await writeFile(page, next);
  expect(await readFile(page, 'utf8')).toBe(next);
});
