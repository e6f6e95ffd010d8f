/** A whole sitting with a video as the webcam: the real server, a real browser, the real engine. `--help` says more. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhatIsStale } from './build.mjs';
import { calmFigures, calmStretches } from './false-positive-windows.mjs';
import { probeVideo, writeCameraFile } from './camera-file.mjs';
import { engineFigures, paceFigures } from './figures.mjs';
import { readOptions, usage } from './options.mjs';
import { createProgress } from '../command/progress.ts';
import { RehearsalError } from './rehearsal-error.mjs';
import { inVideoSeconds, knownTimesMs, scoreAgainst } from './score.mjs';
import { startServer } from '@invigil/testkit/server/server-process';
import { sitExam } from './take-exam.mjs';
import { summaryText } from './summary.mjs';
import { requireChromium } from '@invigil/testkit/browser/chromium';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);

const readTruth = async (path) => {
  if (path === null) return null;
  try {
    const { events } = JSON.parse(await readFile(path, 'utf8'));
    const complete = Array.isArray(events) && events.every((event) => event.type && event.to_s >= event.from_s);
    if (complete) return events;
  } catch (error) {
    throw new RehearsalError(`--truth ${path} is not JSON: ${error.message}`, { cause: error });
  }
  throw new RehearsalError(`--truth ${path}: expected {"events": [{"type", "from_s", "to_s"}]}`);
};

/** The report as the server keeps it, to the byte; throws when the dump does not give the same. */
const readReport = async (server, sessionId, dumpText) => {
  const answer = await fetch(new URL(`/api/v1/session/${sessionId}/report?review=none`, server.url), {
    headers: { accept: 'application/json' },
  });
  const text = await answer.text();
  if (!answer.ok) throw new RehearsalError(`the server has no report (${answer.status}): ${text}`);
  const { analyzeDump, parseDump } = await import(
    new URL('../../../../ingest/dist/dump/analyze-dump.js', import.meta.url).href
  );
  if (JSON.stringify(analyzeDump(parseDump(dumpText))) !== text) {
    throw new RehearsalError('the report that the dump gives is not the one that the server made');
  }
  return text;
};

const prepareCamera = async (options, video, path) => {
  const progress = createProgress('Preparing the webcam');
  await writeCameraFile({
    videoPath: options.videoPath,
    video,
    speed: options.speed,
    path,
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.done('ready');
};

const sit = async (server, cameraPath, durationMs) => {
  const warnings = new Set();
  const progress = createProgress('Sitting');
  const sitting = await sitExam({
    serverUrl: server.url,
    cameraPath,
    durationMs,
    onPreparing: () => say('Loading the models…'),
    onSitting: (elapsedMs, frames) => {
      progress.update(elapsedMs, durationMs, `${(elapsedMs / 1000).toFixed(0)} s, ${frames} frames`);
    },
    onWarning: (text) => warnings.add(text),
  }).catch((error) => {
    say([...warnings, 'The server said last:', server.lastLines()].join('\n'));
    throw error;
  });
  progress.done('done');
  for (const warning of warnings) say(warning);
  return sitting;
};

const checkBrowser = () => {
  try {
    requireChromium();
  } catch (error) {
    throw new RehearsalError(error.message, { cause: error });
  }
};

const rehearse = async (options, folder) => {
  checkBrowser();
  const events = await readTruth(options.truthPath);
  const video = await probeVideo(options.videoPath);
  buildWhatIsStale(root, say);
  const [ruleSteps, reportSteps] = await Promise.all(
    ['rules', 'report'].map((entry) => import(new URL(`../../../../protocol/dist/${entry}.js`, import.meta.url).href)),
  );
  const rules = { ...ruleSteps, ...reportSteps };

  const cameraPath = join(folder, 'camera.y4m');
  await prepareCamera(options, video, cameraPath);
  const server = await startServer({ folder });
  try {
    const { sessionId, originMs } = await sit(server, cameraPath, (video.durationS * 1000) / options.speed);
    const dumpText = await readFile(server.dumpPath(sessionId), 'utf8');
    const reportText = await readReport(server, sessionId, dumpText);
    const report = JSON.parse(reportText);
    const { frames } = JSON.parse(dumpText);

    await mkdir(options.outFolder, { recursive: true });
    await writeFile(join(options.outFolder, 'report.json'), reportText);
    await writeFile(join(options.outFolder, 'frames.json'), `${JSON.stringify(frames)}\n`);
    await writeFile(join(options.outFolder, 'dump.json'), dumpText);

    const clock = { originMs, speed: options.speed };
    const version = report.rules_version;
    const observations = inVideoSeconds(report.observations, knownTimesMs(frames, rules, version), clock);
    const score = events === null ? null : scoreAgainst(events, observations);
    const calm =
      events === null ? null : calmFigures(frames, calmStretches(events, video.durationS), clock, rules, version);
    const facts = {
      durationS: video.durationS,
      frames: frames.length,
      framesLost: report.integrity.frames_lost,
      observations,
      figures: engineFigures(frames),
      risk: report.risk,
      calm,
    };
    const pace = paceFigures(frames);
    console.log(summaryText({ ...facts, pace, score, coverage: report.coverage, outFolder: options.outFolder }));
    if (options.json) console.log(JSON.stringify(resultOf(facts, score)));
  } finally {
    await server.stop();
  }
};

const withoutKnown = ({ type, from_s, to_s, confidence }) => ({ type, from_s, to_s, confidence });

/** The one object of `--json`. Without a truth nothing can be called found or false, which is null. */
const resultOf = ({ durationS, frames, framesLost, observations, figures, risk, calm }, score) => ({
  duration_s: durationS,
  frames,
  frames_lost: framesLost,
  observations: observations.map(withoutKnown),
  truth: score?.truth ?? null,
  false_observations: score?.falseObservations.map(withoutKnown) ?? null,
  engine: figures,
  risk: { value: risk.value, points: Object.fromEntries(risk.contributions.map(({ type, points }) => [type, points])) },
  calm,
});

const main = async () => {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    console.log(usage);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'invigil-rehearsal-'));
  const interrupted = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    await rehearse(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

try {
  await main();
} catch (error) {
  console.error(error instanceof RehearsalError ? `rehearse: ${error.message}` : error);
  process.exitCode = 1;
}
