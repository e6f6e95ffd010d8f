import type { ContenderCost } from './measure.ts';
import type { ExamBudget } from './pages/bench-page.ts';

const cell = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toLocaleString('en');

type NumericCost = Exclude<keyof ContenderCost, 'detectors' | 'budget' | 'calm'>;

const rows: readonly (readonly [title: string, name: NumericCost])[] = [
  ['CPU for one second of exam, ms', 'cpu_ms_per_exam_second'],
  ['of that in a worker, ms', 'worker_ms_per_exam_second'],
  ['frames that it could read a second (5 wanted)', 'frames_per_s_possible'],
  ['main thread for one second of exam, ms', 'main_thread_ms_per_exam_second'],
  ['tasks of 50 ms or more', 'long_tasks'],
  ['longest task, ms', 'longest_task_ms'],
  ['frames of the long run', 'after_frames'],
  ['tensors after it', 'tensors'],
  ['tensors more than before it', 'tensors_grown'],
  ['heap of the page’s thread after it, MB', 'main_heap_mb'],
  ['memory of the page’s process after it, MB', 'resident_mb'],
  ['load, cold, ms', 'load_cold_ms'],
  ['load, cached, ms', 'load_cached_ms'],
  ['bytes, cold', 'bytes_cold'],
  ['bytes, cached', 'bytes_cached'],
];

/** The results by contender, as a Markdown table. */
export const tableText = (results: Readonly<Record<string, ContenderCost>>): string => {
  const names = Object.keys(results);
  const costs = Object.values(results);
  const detectors = [...new Set(costs.flatMap(({ detectors: found }) => Object.keys(found)))];
  const line = (title: string, cellOf: (cost: ContenderCost) => string): string =>
    `| ${title} | ${costs.map(cellOf).join(' | ')} |`;
  return [
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...detectors.map((detector) =>
      line(`${detector}, median / p95 ms`, ({ detectors: found }) => {
        const times = found[detector];
        return times === undefined ? '–' : `${cell(times.median_ms)} / ${cell(times.p95_ms)}`;
      }),
    ),
    ...rows.map(([title, name]) => line(title, (result) => cell(result[name]))),
  ].join('\n');
};

/** Largest difference between a detector's planned and achieved rate, as a share of the planned one. */
const mostOffPlan = 0.2;

const fixed = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

/** Lines with each detector's planned and achieved rate; none for a contender without a plan. */
export const budgetText = (name: string, budget: ExamBudget): string[] => {
  const detectors = Object.entries(budget);
  if (detectors.length === 0) return [];
  const lines = detectors.map(([detector, { planned_hz: planned, achieved_hz: achieved, ms_per_run: ms }]) => {
    const off = planned === null ? null : achieved / planned - 1;
    const met = off === null ? '–' : Math.abs(off) <= mostOffPlan ? 'met' : 'MISSED';
    return (
      `| ${detector} | ${fixed(ms, 1)} | ${fixed(planned, 2)} | ${fixed(achieved, 2)} | ` +
      `${ms === null ? '–' : fixed(ms * achieved, 1)} | ${met} |`
    );
  });
  const head = '| detector | ms a run | planned, Hz | achieved, Hz | ms a second | within 20 % of the plan |';
  return ['', `Budget, ${name}`, '', head, '|---|---|---|---|---|---|', ...lines];
};
