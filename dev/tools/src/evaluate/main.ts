/** Measures the engine's own worker, in a real browser, on a folder of labelled images. `--help` prints the options. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineFacts, FeatureReadings } from '@invigil/engine/testing/perception';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { repositoryFolder, weightsFolder } from '@invigil/testkit/repository';
import { serveFolders } from '@invigil/testkit/server/file-server';
import cliProgress from 'cli-progress';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { build } from 'vite';
import { callerPath, commandLine, runCommand, usageError } from '../command/command-line.ts';
import { clipText, readClips, scoreClip } from './clips.ts';
import type { Clip, ClipFrame, ClipScore } from './clips.ts';
import { readLabels } from './labels.ts';
import type { Label } from './labels.ts';
import { mistakes } from './mistakes.ts';
import { playableClip } from './playable-clip.ts';
import { score } from './score.ts';
import type { EvaluationFigures, LabelledReadings } from './score.ts';
import { sliceShares, sliceTable } from './slices.ts';
import type { SliceShare } from './slices.ts';
import { faceSliceText, phoneSizeText, tableText } from './table.ts';

const usage = `npm run evaluate -- --data FOLDER [--json] [--only TEXT] [--clips] [--readings FILE]

Measures the engine's own worker, in a real browser, on labelled images.

  --data FOLDER     holds labels.tsv and the images that it names
  --json            prints the figures as one object on the last line
  --only TEXT       reads only the images whose name contains TEXT
  --clips           also reads the videos of VIDEO_EVENTS.tsv and runs the rules over them
  --readings FILE   writes the label and the readings of every image to FILE (JSON)
  --help            this text`;

/** Folders that the page reads from. */
interface Folders {
  data: string;
  /** Clips in a codec that the browser plays. */
  clips: string;
}

interface Evaluation {
  facts: EngineFacts;
  results: LabelledReadings[];
  clipScores: ClipScore[];
}

// The page's functions are called by name: see page/evaluate.ts.
const call = <T>(page: Page, name: string, ...values: string[]): Promise<T> =>
  page.evaluate<T>(`${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`);

const readImages = async (
  url: string,
  labels: readonly Label[],
  clips: readonly Clip[],
  folders: Folders,
  onProgress: () => void,
): Promise<Evaluation> => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
    await page.goto(url);
    const facts = await call<EngineFacts>(page, 'loadEngine');
    const results: LabelledReadings[] = [];
    for (const label of labels) {
      results.push({ label, readings: await call<FeatureReadings>(page, 'readPicture', `/data/${label.file}`) });
      onProgress();
    }
    const clipScores: ClipScore[] = [];
    for (const [index, clip] of clips.entries()) {
      const name = await playableClip(join(folders.data, clip.file), folders.clips, index);
      clipScores.push(scoreClip(clip, await call<ClipFrame[]>(page, 'readClip', `/clips/${name}`)));
    }
    return { facts, results, clipScores };
  } finally {
    await browser.close();
  }
};

const progressBar = (): cliProgress.SingleBar =>
  new cliProgress.SingleBar({
    format: 'Reading {bar} {value}/{total} images',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });

const evaluateFolder = async (labels: readonly Label[], clips: readonly Clip[], data: string): Promise<Evaluation> => {
  await build({ configFile: fileURLToPath(new URL('./page/vite.config.ts', import.meta.url)) });
  const folders = { data, clips: await mkdtemp(join(tmpdir(), 'invigil-clips-')) };
  const server = await serveFolders({
    '/clips/': folders.clips,
    '/data/': data,
    '/models/': weightsFolder,
    '/': join(repositoryFolder, 'engine/dist/evaluate'),
  });
  const bar = progressBar();
  bar.start(labels.length, 0);
  try {
    return await readImages(server.url, labels, clips, folders, () => bar.increment());
  } finally {
    bar.stop();
    await server.close();
    await rm(folders.clips, { recursive: true, force: true });
  }
};

const resultText = (
  { facts, results, clipScores }: Evaluation,
  figures: EvaluationFigures,
  slices: readonly SliceShare[],
): string => {
  const wrong = mistakes(results);
  return [
    `Backend ${facts.backend}, trial times ${JSON.stringify(facts.backendTimingsMs)} ms`,
    tableText(figures),
    sliceTable(slices),
    faceSliceText(results),
    phoneSizeText(results),
    clipScores.length === 0 ? '' : clipText(clipScores),
    wrong.length === 0 ? '' : `Wrong readings:\n${wrong.map((line) => `  ${line}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

await runCommand(async () => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = commandLine(usage, { data: text, json: flag, only: text, clips: flag, readings: text });
  if (values.data === undefined) throw usageError('--data is missing', usage);
  const data = callerPath(values.data);
  const labels = (await readLabels(data)).filter(({ file }) => file.includes(values.only ?? ''));
  const clips = values.clips ? ((await readClips(data)) ?? []) : [];
  const evaluation = await evaluateFolder(labels, clips, data);
  const { results, clipScores } = evaluation;
  if (values.readings !== undefined) await writeFile(callerPath(values.readings), JSON.stringify(results, null, 1));
  const figures = score(results);
  const slices = sliceShares(results);
  process.stdout.write(`${resultText(evaluation, figures, slices)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, slices, clips: clipScores })}\n`);
});
