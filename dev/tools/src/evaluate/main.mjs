/** Measures the engine's own worker, in a real browser, on a folder of labelled pictures. `--help` says more. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { chromium } from 'playwright';
import { build } from 'vite';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { clipText, readClips, scoreClip } from './clips.ts';
import { readLabels } from './labels.mjs';
import { score } from './score.mjs';
import { playableClip } from './playable-clip.ts';
import { sliceShares, sliceTable } from './slices.ts';
import { faceSliceText, mistakes, phoneSizeText, tableText } from './table.mjs';

const usage = `npm run evaluate -- --data FOLDER [--json] [--only TEXT] [--clips] [--readings FILE]

  --data FOLDER     holds labels.tsv and the pictures that it names
  --json            prints the figures as one object on the last line
  --only TEXT       reads only the pictures whose name contains TEXT
  --clips           reads the videos of VIDEO_EVENTS.tsv as well, and runs the rules over them
  --readings FILE   writes every picture's label and readings to FILE (JSON)`;

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const readPictures = async (url, labels, clips, folders, onProgress) => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
    await page.goto(url);
    const facts = await page.evaluate(() => globalThis.loadEngine());
    const results = [];
    for (const label of labels) {
      const readings = await page.evaluate((picture) => globalThis.readPicture(picture), `/data/${label.file}`);
      results.push({ label, readings });
      onProgress();
    }
    const clipScores = [];
    for (const [index, clip] of clips.entries()) {
      const name = await playableClip(join(folders.data, clip.file), folders.clips, index);
      const frames = await page.evaluate((video) => globalThis.readClip(video), `/clips/${name}`);
      clipScores.push(scoreClip(clip, frames));
    }
    return { facts, results, clipScores };
  } finally {
    await browser.close();
  }
};

const main = async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      clips: { type: 'boolean', default: false },
      readings: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.data === undefined) {
    process.stderr.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const labels = (await readLabels(values.data)).filter(({ file }) => file.includes(values.only));
  const clips = values.clips ? ((await readClips(values.data)) ?? []) : [];
  await build({ configFile: path('./page/vite.config.ts') });
  const folders = { data: values.data, clips: await mkdtemp(join(tmpdir(), 'invigil-clips-')) };
  const server = await serveFolders({
    '/clips/': folders.clips,
    '/data/': values.data,
    '/models/': path('../../../../models/weights'),
    '/': path('../../../../engine/dist/evaluate'),
  });
  const bar = new cliProgress.SingleBar({
    format: 'Reading {bar} {value}/{total} pictures',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(labels.length, 0);
  try {
    const { facts, results, clipScores } = await readPictures(server.url, labels, clips, folders, () =>
      bar.increment(),
    );
    bar.stop();
    if (values.readings !== undefined) await writeFile(values.readings, JSON.stringify(results, null, 1));
    const figures = score(results);
    const slices = sliceShares(results);
    const wrong = mistakes(results);
    process.stdout.write(
      `Backend ${facts.backend}, trial times ${JSON.stringify(facts.backendTimingsMs)} ms\n\n${tableText(figures)}\n`,
    );
    for (const text of [
      sliceTable(slices),
      faceSliceText(results),
      phoneSizeText(results),
      clips.length === 0 ? '' : clipText(clipScores),
    ]) {
      if (text !== '') process.stdout.write(`\n${text}\n`);
    }
    if (wrong.length > 0) process.stdout.write(`\nRead wrongly:\n${wrong.map((line) => `  ${line}`).join('\n')}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, slices, clips: clipScores })}\n`);
    return 0;
  } finally {
    bar.stop();
    await server.close();
    await rm(folders.clips, { recursive: true, force: true });
  }
};

process.exitCode = await main();
