/** Rehearses a whole exam session with a video as the webcam: the real server, a real browser, the real engine. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeDump, parseDump } from '@invigil/ingest/dump';
import type { FramesDump } from '@invigil/ingest/dump';
import type { Report } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { requireChromium } from '@invigil/testkit/browser/find-chromium';
import { repositoryFolder } from '@invigil/testkit/repository';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { CommandError, runCommand } from '../command/command-line.ts';
import { createProgress } from '../command/progress.ts';
import { buildStaleParts } from './build.ts';
import { writeCameraFile } from './camera-file.ts';
import { engineFigures, paceFigures } from './figures.ts';
import { readOptions } from './options.ts';
import type { RehearsalOptions } from './options.ts';
import { readTruth } from './read-truth.ts';
import { inVideoSeconds, knownTimesMs, scoreAgainst } from './score.ts';
import type { VideoEvent } from './score.ts';
import { resultJson, summaryText } from './summary.ts';
import type { RehearsalResult } from './summary.ts';
import { takeExam } from './take-exam.ts';
import type { TakenExam } from './take-exam.ts';
import { uneventfulFigures, uneventfulWindows } from './uneventful-windows.ts';
import { probeVideo } from './video-facts.ts';
import type { VideoFacts } from './video-facts.ts';

const printLine = (line: string): boolean => process.stderr.write(`${line}\n`);

/** The server's report, byte for byte. Throws when the dump gives a different one. */
const readReport = async (server: ServerProcess, sessionId: string, dumpText: string): Promise<string> => {
  const answer = await fetch(new URL(`/api/v1/session/${sessionId}/report?review=none`, server.url), {
    headers: { accept: 'application/json' },
  });
  const text = await answer.text();
  if (!answer.ok) throw new CommandError(`the server has no report (${answer.status}): ${text}`);
  if (JSON.stringify(analyzeDump(parseDump(dumpText))) !== text) {
    throw new CommandError('the report from the dump differs from that of the server');
  }
  return text;
};

const prepareCamera = async (options: RehearsalOptions, video: VideoFacts, path: string): Promise<void> => {
  const progress = createProgress('Preparing the webcam');
  const onProgress = (doneS: number, totalS: number): void => progress.update(doneS, totalS);
  await writeCameraFile({ videoPath: options.videoPath, video, speed: options.speed, path, onProgress });
  progress.done('ready');
};

const runSession = async (server: ServerProcess, cameraPath: string, durationMs: number): Promise<TakenExam> => {
  const warnings = new Set<string>();
  const progress = createProgress('Session');
  const taken = await takeExam({
    serverUrl: server.url,
    cameraPath,
    durationMs,
    onPreparing: () => printLine('Loading the models…'),
    onProgress: (elapsedMs, frames) => {
      progress.update(elapsedMs, durationMs, `${(elapsedMs / 1000).toFixed(0)} s, ${frames} frames`);
    },
    onWarning: (text) => warnings.add(text),
  }).catch((error: unknown) => {
    printLine([...warnings, "The server's last lines:", server.lastLines()].join('\n'));
    throw error;
  });
  progress.done('done');
  for (const warning of warnings) printLine(warning);
  return taken;
};

const checkBrowser = (): void => {
  try {
    requireChromium();
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
};

const resultOf = (
  { speed, outFolder }: RehearsalOptions,
  { durationS }: VideoFacts,
  events: VideoEvent[] | null,
  report: Report,
  { frames }: FramesDump,
  originMs: number,
): RehearsalResult => {
  const clock = { originMs, speed };
  const set = ruleSets[report.rules_version];
  if (set === undefined) throw new CommandError(`this version has no rules ${report.rules_version}`);
  const observations = inVideoSeconds(report.observations, knownTimesMs(frames, set), clock);
  return {
    durationS,
    frames: frames.length,
    framesLost: report.integrity.frames_lost,
    pace: paceFigures(frames),
    observations,
    score: events === null ? null : scoreAgainst(events, observations),
    figures: engineFigures(frames),
    coverage: report.coverage,
    risk: report.risk,
    uneventful: events === null ? null : uneventfulFigures(frames, uneventfulWindows(events, durationS), clock, set),
    outFolder,
  };
};

const rehearse = async (options: RehearsalOptions, folder: string): Promise<void> => {
  checkBrowser();
  const events = options.truthPath === null ? null : await readTruth(options.truthPath);
  const video = await probeVideo(options.videoPath);
  buildStaleParts(repositoryFolder, printLine);
  const cameraPath = join(folder, 'camera.y4m');
  await prepareCamera(options, video, cameraPath);
  const server = await startServer({ folder });
  try {
    const { sessionId, originMs } = await runSession(server, cameraPath, (video.durationS * 1000) / options.speed);
    const dumpText = await readFile(server.dumpPath(sessionId), 'utf8');
    const reportText = await readReport(server, sessionId, dumpText);
    const dump = JSON.parse(dumpText) as FramesDump;
    await mkdir(options.outFolder, { recursive: true });
    await writeFile(join(options.outFolder, 'report.json'), reportText);
    await writeFile(join(options.outFolder, 'frames.json'), `${JSON.stringify(dump.frames)}\n`);
    await writeFile(join(options.outFolder, 'dump.json'), dumpText);
    const result = resultOf(options, video, events, JSON.parse(reportText) as Report, dump, originMs);
    console.log(summaryText(result));
    if (options.json) console.log(JSON.stringify(resultJson(result)));
  } finally {
    await server.stop();
  }
};

await runCommand(async () => {
  const options = readOptions();
  const folder = await mkdtemp(join(tmpdir(), 'invigil-rehearsal-'));
  const stopOnSignal = (): never => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', stopOnSignal);
  process.once('SIGTERM', stopOnSignal);
  try {
    await rehearse(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
