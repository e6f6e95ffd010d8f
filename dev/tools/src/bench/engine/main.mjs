/** What reading a student's pictures costs, against what people would use instead. `--help` says more. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { inOurWords } from './best-of-human.mjs';
import { measure, measureNobody, readLabelled } from './measure.mjs';
import { readOptions, usage } from './options.mjs';
import { findPictures } from './images.mjs';
import { tableText } from './table.mjs';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { readLabels } from '../../evaluate/labels.ts';
import { score } from '../../evaluate/score.ts';
import { tableText as accuracyText } from '../../evaluate/table.ts';
import { createProgress } from '../../command/progress.ts';
import { writeBetween } from '../../command/write-between.ts';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
/** The goal: at most so much of Human's CPU. */
const mostOfHuman = 0.5;

const costs = async (bench, options, names, progress) => {
  const urls = names.map((name) => `/data/${name.split('/').map(encodeURIComponent).join('/')}`);
  const nobody = await measureNobody(bench, { ...options, urls });
  const results = {};
  for (const [at, name] of options.only.entries()) {
    const say = (note) =>
      progress.update(
        at + { load: 0.05, 'one exam': 0.25, 'long run': 0.5, detectors: 0.9 }[note],
        options.only.length,
        `${name}: ${note}`,
      );
    results[name] = await measure(bench, name, { ...options, urls, nobody, say });
  }
  return { nobody, results };
};

const accuracies = async (bench, options, progress) => {
  const labels = await readLabels(options.data);
  const figures = {};
  for (const name of options.only.filter((each) => each !== 'human-at-our-rates')) {
    let done = 0;
    const read = await readLabelled(bench, name, labels, () =>
      progress.update(++done, labels.length, `accuracy: ${name}`),
    );
    figures[name] = score(name === 'human' ? inOurWords(read, score) : read);
  }
  return figures;
};

const resultText = (results, nobody, share, accuracy) =>
  [
    tableText(results),
    '',
    `Drawing the pictures, ${nobody.cpuMsPerS.toFixed(0)} ms of CPU a second, is subtracted.`,
    ...(share === null
      ? []
      : [
          `CPU of Invigil over that of Human: ${share.toFixed(2)}; at most ${mostOfHuman} is the goal: ${share <= mostOfHuman ? 'met' : 'MISSED'}`,
        ]),
    ...Object.entries(accuracy ?? {}).flatMap(([name, figures]) => [
      '',
      `Accuracy, ${name}`,
      '',
      accuracyText(figures),
    ]),
  ].join('\n');

const main = async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return process.stdout.write(usage);
  const progress = createProgress('bench:engine');
  const temporary = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
  const served = { bytes: 0 };
  let server;
  let browser;
  try {
    progress.update(0, 1, 'building the pages');
    await build({ configFile: path('./pages/vite.config.ts') });
    const { folder, names } = await findPictures(options, temporary);
    server = await serveFolders(
      {
        '/data/': folder,
        '/models/': path('../../../../../models/weights'),
        '/human-models/': path('../../../../../node_modules/@vladmandic/human/models'),
        '/wasm/': path('../../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist'),
        ...(options.cocoModel === null ? {} : { '/coco/': options.cocoModel }),
        '/': path('../../../../../engine/dist/bench'),
      },
      {
        headers: { 'cache-control': 'max-age=3600' },
        onServed: (name, bytes) => (served.bytes += name.startsWith('/data/') ? 0 : bytes),
      },
    );
    // A profile on disk, as students have: the cache of a private window holds no large file.
    browser = await chromium.launchPersistentContext(join(temporary, 'profile'), launchOptions());
    const cocoUrl = options.cocoModel === null ? null : new URL('/coco/model.json', server.url).href;
    const bench = { browser, server, served, cocoUrl };
    const { nobody, results } = await costs(bench, options, names, progress);
    const accuracy = options.accuracy ? await accuracies(bench, options, progress) : null;
    progress.done(`${names.length} pictures`);
    const share =
      results.invigil && results.human
        ? results.invigil.cpu_ms_per_exam_second / results.human.cpu_ms_per_exam_second
        : null;
    const text = resultText(results, nobody, share, accuracy);
    process.stdout.write(`${text}\n`);
    if (options.write) {
      const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Chromium ${browser.browser()?.version()}.`;
      writeBetween(
        new URL('../../../../../docs/measurements/engine.md', import.meta.url),
        'bench:engine',
        `${machine}\n\n${text}`,
      );
    }
    if (options.json) {
      const machine = {
        cores: cpus().length,
        cpu: cpus()[0]?.model ?? null,
        browser: browser.browser()?.version() ?? null,
      };
      const goals = { cpu_at_most_half_of_human: share === null ? null : share <= mostOfHuman };
      console.log(
        JSON.stringify({
          machine,
          pictures: names.length,
          contenders: results,
          cpu_over_human: share,
          accuracy,
          goals,
        }),
      );
    }
  } finally {
    await browser?.close();
    await server?.close();
    await rm(temporary, { recursive: true, force: true });
  }
};

await main();
