const cell = (value) => (value === null || value === undefined ? '–' : value.toLocaleString('en'));

const rows = [
  ['CPU for one second of exam, ms', 'cpu_ms_per_exam_second'],
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

/** The results as a Markdown table, so that it can go into a document as it is. */
export const tableText = (results) => {
  const names = Object.keys(results);
  const detectors = [...new Set(names.flatMap((name) => Object.keys(results[name].detectors)))];
  const line = (title, of) => `| ${title} | ${names.map((name) => of(results[name])).join(' | ')} |`;
  return [
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...detectors.map((detector) =>
      line(`${detector}, median / p95 ms`, ({ detectors: found }) =>
        found[detector] === undefined ? '–' : `${cell(found[detector].median_ms)} / ${cell(found[detector].p95_ms)}`,
      ),
    ),
    ...rows.map(([title, name]) => line(title, (result) => cell(result[name]))),
  ].join('\n');
};
