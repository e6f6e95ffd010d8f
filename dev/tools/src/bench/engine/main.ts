/** Measures the cost of reading a student's images, compared with alternatives. `--help` prints the options. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { packageFolder, repositoryFolder, weightsFolder } from '@invigil/testkit/repository';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { chromium } from 'playwright';
import type { BrowserContext } from 'playwright';
import { build } from 'vite';
import { runCommand } from '../../command/command-line.ts';
import { createProgress } from '../../command/progress.ts';
import type { Progress } from '../../command/progress.ts';
import { writeBetween } from '../../command/write-between.ts';
import { readLabels } from '../../evaluate/labels.ts';
import { score } from '../../evaluate/score.ts';
import type { EvaluationFigures } from '../../evaluate/score.ts';
import { tableText as accuracyText } from '../../evaluate/table.ts';
import { inOurWords } from './best-of-human.ts';
import { calmImage, composeCalmImage, findImages } from './bench-images.ts';
import type { BenchImages } from './bench-images.ts';
import { measure, measureBaseline, readLabelled } from './measure.ts';
import type { BenchParts, CalmCost, ContenderCost, CpuCost, MeasureStep } from './measure.ts';
import { readOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { budgetText, tableText } from './table.ts';

/** Goals: at most this share of Human's CPU, and this much CPU of the worker for a second of a calm exam. */
const largestShareOfHuman = 0.3;
const largestCalmMs = 100;
const doneAt: Readonly<Record<MeasureStep, number>> = {
  load: 0.05,
  'one exam': 0.2,
  'calm exam': 0.4,
  'long run': 0.6,
  detectors: 0.9,
};

type Costs = Record<string, ContenderCost>;
type Accuracies = Record<string, EvaluationFigures>;

interface BenchResult {
  images: number;
  baseline: CpuCost;
  costs: Costs;
  /** CPU of Invigil over that of Human; null unless both were measured. */
  share: number | null;
  /** Null if it was not requested. */
  accuracy: Accuracies | null;
  browserVersion: string | null;
}

const measureCosts = async (
  bench: BenchParts,
  options: BenchOptions,
  { names, areMoving }: BenchImages,
  progress: Progress,
): Promise<Pick<BenchResult, 'baseline' | 'costs'>> => {
  const urls = names.map((name) => `/data/${name.split('/').map(encodeURIComponent).join('/')}`);
  const baseline = await measureBaseline(bench, { urls, areMoving, seconds: options.seconds });
  const costs: Costs = {};
  for (const [at, name] of options.only.entries()) {
    const onStep = (step: MeasureStep): void =>
      progress.update(at + doneAt[step], options.only.length, `${name}: ${step}`);
    costs[name] = await measure(bench, name, {
      ...options,
      urls,
      areMoving,
      calmUrl: `/calm/${calmImage}`,
      baseline,
      onStep,
    });
  }
  return { baseline, costs };
};

const measureAccuracy = async (
  bench: BenchParts,
  { only }: BenchOptions,
  data: string,
  progress: Progress,
): Promise<Accuracies> => {
  const labels = await readLabels(data);
  const figures: Accuracies = {};
  for (const name of only.filter((each) => each !== 'human-at-our-rates')) {
    let done = 0;
    const onProgress = (): void => progress.update(++done, labels.length, `accuracy: ${name}`);
    const read = await readLabelled(bench, name, labels, onProgress);
    figures[name] = score(name === 'human' ? inOurWords(read, score) : read);
  }
  return figures;
};

const startParts = async (options: BenchOptions, folder: string, temporary: string) => {
  const served = { bytes: 0 };
  const calmFolder = await composeCalmImage(temporary);
  const server = await serveFolders(
    {
      '/data/': folder,
      '/calm/': calmFolder,
      '/models/': weightsFolder,
      '/human-models/': join(packageFolder('@vladmandic/human'), 'models'),
      '/wasm/': join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist'),
      ...(options.cocoModel === null ? {} : { '/coco/': options.cocoModel }),
      '/': join(repositoryFolder, 'engine/dist/bench'),
    },
    {
      headers: { 'cache-control': 'max-age=3600' },
      onServed: (name, bytes) => (served.bytes += /^\/(data|calm)\//.test(name) ? 0 : bytes),
    },
  );
  // A profile on disk, as students have: the cache of a private window stores no large files.
  const browser = await chromium
    .launchPersistentContext(join(temporary, 'profile'), launchOptions())
    .catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
  const cocoUrl = options.cocoModel === null ? null : new URL('/coco/model.json', server.url).href;
  return { browser, server, served, cocoUrl };
};

const versionOf = (context: BrowserContext): string | null => context.browser()?.version() ?? null;

const runBench = async (options: BenchOptions, temporary: string): Promise<BenchResult> => {
  const progress = createProgress('bench:engine');
  progress.update(0, 1, 'building the pages');
  await build({ configFile: fileURLToPath(new URL('./pages/vite.config.ts', import.meta.url)) });
  const images = await findImages(options, temporary);
  const bench = await startParts(options, images.folder, temporary);
  try {
    const { baseline, costs } = await measureCosts(bench, options, images, progress);
    const accuracy =
      options.accuracy && options.data !== null ? await measureAccuracy(bench, options, options.data, progress) : null;
    progress.done(`${images.names.length} images`);
    const [ours, humans] = [costs['invigil']?.cpu_ms_per_exam_second, costs['human']?.cpu_ms_per_exam_second];
    const share = ours && humans ? ours / humans : null;
    return { images: images.names.length, baseline, costs, share, accuracy, browserVersion: versionOf(bench.browser) };
  } finally {
    await bench.browser.close();
    await bench.server.close();
  }
};

const shareText = (share: number): string =>
  `CPU of Invigil over that of Human: ${share.toFixed(2)}; the goal is at most ${largestShareOfHuman}: ${share <= largestShareOfHuman ? 'met' : 'MISSED'}`;

const calmText = (name: string, { budget, worker_ms_per_exam_second: ms }: CalmCost): string[] => [
  ...budgetText(`${name}, one student who hardly moves, without a phone`, budget),
  '',
  ms === null
    ? 'This system does not list threads, so the CPU of the worker is unknown.'
    : `Worker: ${ms} ms of CPU for one second of exam; the goal is at most ${largestCalmMs}: ${ms <= largestCalmMs ? 'met' : 'MISSED'}`,
];

const resultText = ({ costs, baseline, share, accuracy }: BenchResult): string =>
  [
    tableText(costs),
    '',
    `The cost of drawing the images, ${baseline.cpuMsPerS.toFixed(0)} ms of CPU a second, is subtracted.`,
    ...(share === null ? [] : [shareText(share)]),
    ...Object.entries(costs).flatMap(([name, { budget, calm }]) => [
      ...budgetText(name, budget),
      ...(calm === null ? [] : calmText(name, calm)),
    ]),
    ...Object.entries(accuracy ?? {}).flatMap(([name, figures]) => [
      '',
      `Accuracy, ${name}`,
      '',
      accuracyText(figures),
    ]),
  ].join('\n');

const resultJson = ({ images, costs, share, accuracy, browserVersion }: BenchResult): object => {
  const calmMs = costs['invigil']?.calm?.worker_ms_per_exam_second ?? null;
  return {
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? null, browser: browserVersion },
    pictures: images,
    contenders: costs,
    cpu_over_human: share,
    accuracy,
    goals: {
      cpu_at_most_share_of_human: largestShareOfHuman,
      cpu_met: share === null ? null : share <= largestShareOfHuman,
      calm_worker_at_most_ms: largestCalmMs,
      calm_worker_met: calmMs === null ? null : calmMs <= largestCalmMs,
    },
  };
};

await runCommand(async () => {
  const options = readOptions();
  const temporary = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
  try {
    const result = await runBench(options, temporary);
    const text = resultText(result);
    process.stdout.write(`${text}\n`);
    if (options.write) {
      const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Chromium ${result.browserVersion}.`;
      writeBetween(join(repositoryFolder, 'docs/measurements/engine.md'), 'bench:engine', `${machine}\n\n${text}`);
    }
    if (options.json) console.log(JSON.stringify(resultJson(result)));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});
