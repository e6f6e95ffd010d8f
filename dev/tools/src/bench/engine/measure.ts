import type { BrowserContext, Page } from 'playwright';
import type { Label } from '../../evaluate/labels.ts';
import type { LabelledReadings } from '../../evaluate/score.ts';
import { BrowserCost } from './browser-cost.ts';
import { frameRateHz } from './options.ts';
import type { BenchOptions, ContenderName } from './options.ts';
import type { ExamBudget } from './pages/bench-page.ts';

/** The browser and the server of the pages. */
export interface BenchParts {
  browser: BrowserContext;
  server: { url: string };
  /** Bytes that the server sent, except images. */
  served: { bytes: number };
  /** Null: the official weights. */
  cocoUrl: string | null;
}

type Measured = number | null;

/** CPU per second of an exam. */
export interface CpuCost {
  cpuMsPerS: number;
  mainMsPerS: number;
}

interface ExamCost extends CpuCost {
  /** Null where the system does not list threads. */
  workerMsPerS: Measured;
  framesPerS: number;
  longTasksMs: number[];
  budget: ExamBudget;
}

export interface ContenderCost {
  detectors: Record<string, { runs: number; median_ms: Measured; p95_ms: Measured }>;
  /** The planned and the achieved rate of each detector; empty if a contender states no plan. */
  budget: ExamBudget;
  /** A student without a phone who hardly moves; null for a contender without a worker. */
  calm: CalmCost | null;
  cpu_ms_per_exam_second: Measured;
  worker_ms_per_exam_second: Measured;
  main_thread_ms_per_exam_second: Measured;
  frames_per_s_possible: Measured;
  long_tasks: number;
  longest_task_ms: Measured;
  after_frames: number;
  tensors: number;
  tensors_grown: number;
  main_heap_mb: Measured;
  resident_mb: Measured;
  load_cold_ms: Measured;
  load_cached_ms: Measured;
  bytes_cold: number;
  bytes_cached: number;
}

export interface CalmCost {
  budget: ExamBudget;
  cpu_ms_per_exam_second: Measured;
  worker_ms_per_exam_second: Measured;
}

/** Frames before the measurement: weights are prepared, code is compiled. */
const warmFrames = 15;
/** Exam seconds before a calm exam is measured. */
const settleSeconds = 8;
const detectorImages = 16;

const rounded = (value: Measured, digits = 1): Measured => (value === null ? null : Number(value.toFixed(digits)));

const quantile = (values: readonly number[], share: number): Measured => {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null);
};

type PageName = ContenderName | 'baseline';

const addressOf: Readonly<Record<PageName, string>> = {
  invigil: 'invigil.html',
  human: 'human.html',
  'human-at-our-rates': 'human.html?rates=ours',
  plain: 'plain.html',
  baseline: 'baseline.html',
};

/** A new page, with empty caches. */
const openPage = async ({ browser, server, cocoUrl }: BenchParts, name: PageName): Promise<Page> => {
  const page = await browser.newPage();
  page.on('pageerror', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  const session = await browser.newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.send('Storage.clearDataForOrigin', { origin: new URL(server.url).origin, storageTypes: 'all' });
  await session.detach();
  const address = new URL(addressOf[name], server.url);
  if (name === 'plain' && cocoUrl !== null) address.searchParams.set('coco', cocoUrl);
  await page.goto(address.href);
  return page;
};

const load = async (page: Page, urls: readonly string[], areMoving = false): Promise<number> => {
  await page.waitForFunction(() => 'bench' in globalThis);
  return page.evaluate((all) => globalThis.bench.load(all.urls, all.areMoving), { urls, areMoving });
};

const measureExam = async (page: Page, cost: BrowserCost, seconds: number): Promise<ExamCost> => {
  const [cpuMs, mainMs, workerMs] = [await cost.cpuMs(), await cost.mainThreadMs(), await cost.workerMs()];
  const frames = seconds * frameRateHz;
  const { tookS, longTasksMs, budget } = await page.evaluate((how) => globalThis.bench.exam(how), {
    frames,
    frameRateHz,
  });
  const workerEndMs = await cost.workerMs();
  return {
    workerMsPerS: workerMs === null || workerEndMs === null ? null : (workerEndMs - workerMs) / seconds,
    cpuMsPerS: ((await cost.cpuMs()) - cpuMs) / seconds,
    mainMsPerS: ((await cost.mainThreadMs()) - mainMs) / seconds,
    framesPerS: frames / tookS,
    longTasksMs,
    budget,
  };
};

/** The cost of drawing the images without reading them. */
export const measureBaseline = async (
  bench: BenchParts,
  { urls, areMoving, seconds }: { urls: readonly string[]; areMoving: boolean; seconds: number },
): Promise<CpuCost> => {
  const page = await openPage(bench, 'baseline');
  await load(page, urls, areMoving);
  const cost = await BrowserCost.of(bench.browser, page);
  const { cpuMsPerS, mainMsPerS } = await measureExam(page, cost, seconds);
  await page.close();
  return { cpuMsPerS, mainMsPerS };
};

/** Step of a measurement, for progress. */
export type MeasureStep = 'load' | 'one exam' | 'calm exam' | 'long run' | 'detectors';

export interface MeasureOptions extends Pick<BenchOptions, 'seconds' | 'frames' | 'limitS'> {
  urls: readonly string[];
  areMoving: boolean;
  /** Address of an image of a student without a phone. */
  calmUrl: string;
  /** Subtracted. */
  baseline: CpuCost;
  onStep: (step: MeasureStep) => void;
}

/** Loads the page twice, with empty and with filled caches. */
const measureLoads = async (bench: BenchParts, page: Page, urls: readonly string[], areMoving: boolean) => {
  const coldMs = await load(page, urls, areMoving);
  const coldBytes = bench.served.bytes;
  bench.served.bytes = 0;
  await page.reload();
  const cachedMs = await load(page, urls, areMoving);
  return {
    load_cold_ms: rounded(coldMs, 0),
    load_cached_ms: rounded(cachedMs, 0),
    bytes_cold: coldBytes,
    bytes_cached: bench.served.bytes,
  };
};

const measureLongRun = async (
  page: Page,
  cost: BrowserCost,
  run: (frames: number) => Promise<{ frames: number }>,
  frames: number,
) => {
  const tensorsBefore = await page.evaluate(() => globalThis.bench.tensors());
  const long = await run(frames);
  const tensors = await page.evaluate(() => globalThis.bench.tensors());
  const mb = (bytes: Measured): Measured => (bytes === null ? null : rounded(bytes / 1e6));
  return {
    after_frames: long.frames,
    tensors,
    tensors_grown: tensors - tensorsBefore,
    main_heap_mb: mb(await cost.mainHeapBytes()),
    resident_mb: mb(await cost.residentBytes()),
  };
};

/** One image only, moved slightly from frame to frame. */
const measureCalm = async (
  page: Page,
  cost: BrowserCost,
  { calmUrl, seconds, baseline }: Pick<MeasureOptions, 'calmUrl' | 'seconds' | 'baseline'>,
): Promise<CalmCost> => {
  await page.evaluate((url) => globalThis.bench.show([url], false), calmUrl);
  // Forgets earlier findings; objects that look like a phone are then examined and rejected.
  await measureExam(page, cost, settleSeconds);
  const { budget, cpuMsPerS, workerMsPerS } = await measureExam(page, cost, seconds);
  return {
    budget,
    cpu_ms_per_exam_second: rounded(cpuMsPerS - baseline.cpuMsPerS),
    worker_ms_per_exam_second: rounded(workerMsPerS),
  };
};

const detectorFigures = (timesMs: Readonly<Record<string, number[]>>): ContenderCost['detectors'] =>
  Object.fromEntries(
    Object.entries(timesMs).map(([detector, list]) => [
      detector,
      { runs: list.length, median_ms: quantile(list, 0.5), p95_ms: quantile(list, 0.95) },
    ]),
  );

export const measure = async (
  bench: BenchParts,
  name: ContenderName,
  { urls, areMoving, calmUrl, seconds, frames, limitS, baseline, onStep }: MeasureOptions,
): Promise<ContenderCost> => {
  onStep('load');
  bench.served.bytes = 0;
  const page = await openPage(bench, name);
  const loads = await measureLoads(bench, page, urls, areMoving);
  const cost = await BrowserCost.of(bench.browser, page);
  const run = (count: number): Promise<{ frames: number }> =>
    page.evaluate((how) => globalThis.bench.run(how), { frames: count, limitMs: limitS * 1000 });
  await run(warmFrames);
  onStep('one exam');
  const exam = await measureExam(page, cost, seconds);
  onStep('calm exam');
  const hasWorker = (exam.workerMsPerS ?? 0) > 0;
  const calm = hasWorker ? await measureCalm(page, cost, { calmUrl, seconds, baseline }) : null;
  await page.evaluate((all) => globalThis.bench.show(all.urls, all.areMoving), { urls, areMoving });
  onStep('long run');
  const longRun = await measureLongRun(page, cost, run, frames);
  onStep('detectors');
  const times = await page.evaluate((count) => globalThis.bench.detectorTimesMs(count), detectorImages);
  await page.close();
  return {
    detectors: detectorFigures(times),
    budget: exam.budget,
    calm,
    cpu_ms_per_exam_second: rounded(exam.cpuMsPerS - baseline.cpuMsPerS),
    worker_ms_per_exam_second: hasWorker ? rounded(exam.workerMsPerS) : null,
    main_thread_ms_per_exam_second: rounded(exam.mainMsPerS - baseline.mainMsPerS),
    frames_per_s_possible: rounded(exam.framesPerS, 2),
    long_tasks: exam.longTasksMs.filter((ms) => ms >= 50).length,
    longest_task_ms: rounded(Math.max(0, ...exam.longTasksMs)),
    ...longRun,
    ...loads,
  };
};

/** Reads each labelled image on its own. */
export const readLabelled = async (
  bench: BenchParts,
  name: ContenderName,
  labels: readonly Label[],
  onProgress: () => void,
): Promise<LabelledReadings[]> => {
  const page = await openPage(bench, name);
  await load(
    page,
    labels.slice(0, 1).map(({ file }) => `/data/${file}`),
  );
  const results: LabelledReadings[] = [];
  for (const label of labels) {
    const readings = await page.evaluate((url) => globalThis.bench.still(url), `/data/${label.file}`);
    results.push({ label, readings });
    onProgress();
  }
  await page.close();
  return results;
};
