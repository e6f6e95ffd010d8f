import { BrowserCost } from './browser-cost.mjs';

const frameRateHz = 5;
/** Frames before anything is measured: weights are prepared, code is compiled. */
const warmFrames = 15;
const detectorPictures = 16;

const rounded = (value, digits = 1) => (value === null ? null : Number(value.toFixed(digits)));

const quantile = (values, share) => {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null);
};

const addressOf = {
  invigil: 'invigil.html',
  human: 'human.html',
  'human-at-our-rates': 'human.html?rates=ours',
  plain: 'plain.html',
  nobody: 'baseline.html',
};

/** A page of its own in the one browser, whose caches are empty. */
const openPage = async ({ browser, server, cocoUrl }, name) => {
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

const load = async (bench, page, urls) => {
  await page.waitForFunction(() => globalThis.bench !== undefined);
  const ms = await page.evaluate((all) => globalThis.bench.load(all), urls);
  return ms;
};

/** What an exam takes, for each of its seconds. */
const exam = async (page, cost, seconds) => {
  const before = [await cost.cpuMs(), await cost.mainThreadMs()];
  const frames = seconds * frameRateHz;
  const { tookS, longTasksMs } = await page.evaluate((how) => globalThis.bench.exam(how), { frames, frameRateHz });
  const after = [await cost.cpuMs(), await cost.mainThreadMs()];
  return {
    cpuMsPerS: (after[0] - before[0]) / seconds,
    mainMsPerS: (after[1] - before[1]) / seconds,
    framesPerS: frames / tookS,
    longTasksMs,
  };
};

/** What drawing the pictures costs without anybody who reads them. */
export const measureNobody = async (bench, { urls, seconds }) => {
  const page = await openPage(bench, 'nobody');
  await load(bench, page, urls);
  const cost = await BrowserCost.of(bench.browser, page);
  const { cpuMsPerS, mainMsPerS } = await exam(page, cost, seconds);
  await page.close();
  return { cpuMsPerS, mainMsPerS };
};

export const measure = async (bench, name, { urls, seconds, frames, limitS, nobody, say }) => {
  say('load');
  bench.served.bytes = 0;
  const page = await openPage(bench, name);
  const coldMs = await load(bench, page, urls);
  const coldBytes = bench.served.bytes;
  bench.served.bytes = 0;
  await page.reload();
  const cachedMs = await load(bench, page, urls);
  const cachedBytes = bench.served.bytes;
  const cost = await BrowserCost.of(bench.browser, page);
  const run = (count) => page.evaluate((how) => globalThis.bench.run(how), { frames: count, limitMs: limitS * 1000 });

  await run(warmFrames);
  say('one exam');
  const sat = await exam(page, cost, seconds);
  say('long run');
  const tensorsBefore = await page.evaluate(() => globalThis.bench.tensors());
  const long = await run(frames);
  const tensors = await page.evaluate(() => globalThis.bench.tensors());
  const [heapBytes, residentBytes] = [await cost.mainHeapBytes(), await cost.residentBytes()];
  say('detectors');
  const times = await page.evaluate((count) => globalThis.bench.detectorTimesMs(count), detectorPictures);
  await page.close();
  const mb = (bytes) => (bytes === null ? null : rounded(bytes / 1e6));
  return {
    detectors: Object.fromEntries(
      Object.entries(times).map(([detector, list]) => [
        detector,
        { runs: list.length, median_ms: quantile(list, 0.5), p95_ms: quantile(list, 0.95) },
      ]),
    ),
    cpu_ms_per_exam_second: rounded(sat.cpuMsPerS - nobody.cpuMsPerS),
    main_thread_ms_per_exam_second: rounded(sat.mainMsPerS - nobody.mainMsPerS),
    frames_per_s_possible: rounded(sat.framesPerS, 2),
    long_tasks: sat.longTasksMs.filter((ms) => ms >= 50).length,
    longest_task_ms: rounded(Math.max(0, ...sat.longTasksMs)),
    after_frames: long.frames,
    tensors,
    tensors_grown: tensors - tensorsBefore,
    main_heap_mb: mb(heapBytes),
    resident_mb: mb(residentBytes),
    load_cold_ms: rounded(coldMs, 0),
    load_cached_ms: rounded(cachedMs, 0),
    bytes_cold: coldBytes,
    bytes_cached: cachedBytes,
  };
};

/** Reads each labelled picture by itself. */
export const readLabelled = async (bench, name, labels, onProgress) => {
  const page = await openPage(bench, name);
  await load(bench, page, [`/data/${labels[0].file}`]);
  const results = [];
  for (const label of labels) {
    const readings = await page.evaluate((url) => globalThis.bench.still(url), `/data/${label.file}`);
    results.push({ label, readings });
    onProgress();
  }
  await page.close();
  return results;
};
