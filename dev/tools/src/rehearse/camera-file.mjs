import { execFile, spawn } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { RehearsalError } from './rehearsal-error.mjs';

const run = promisify(execFile);

const widthPx = 640;
const heightPx = 480;
/** y4m keeps whole pictures: 12 bits a pixel. */
const frameBytes = (widthPx * heightPx * 3) / 2;
const stderrTailLines = 4;

const missingProgram = (name, error) =>
  error.code === 'ENOENT'
    ? new RehearsalError(`${name} is not installed. Install it with: sudo apt-get install ffmpeg`, { cause: error })
    : null;

/** Length and frame rate of a video, as ffprobe says. */
export const probeVideo = async (path) => {
  let answer;
  try {
    const words = ['-v', 'error', '-select_streams', 'v:0', '-of', 'json'];
    const fields = ['-show_entries', 'stream=duration,avg_frame_rate,r_frame_rate:format=duration'];
    const { stdout } = await run('ffprobe', [...words, ...fields, path]);
    answer = JSON.parse(stdout);
  } catch (error) {
    const reason = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .at(-1);
    throw missingProgram('ffprobe', error) ?? new RehearsalError(`${path} cannot be read: ${reason}`, { cause: error });
  }
  const stream = answer.streams?.[0];
  if (stream === undefined) throw new RehearsalError(`${path} holds no video`);
  const durationS = Number(stream.duration ?? answer.format?.duration);
  const [above, below] = String(stream.avg_frame_rate ?? stream.r_frame_rate).split('/');
  const frameRateHz = Number(above) / Number(below);
  if (!(durationS > 0)) throw new RehearsalError(`${path} does not say how long it lasts`);
  return { durationS, frameRateHz: frameRateHz > 0 ? frameRateHz : 15 };
};

/**
 * Writes the video as the fake webcam plays it: raw 640×480 pictures (letterboxed, never stretched) at their own rate, times
 * `speed`.
 */
export const writeCameraFile = async ({ videoPath, video, speed, path, onProgress }) => {
  const neededBytes = video.durationS * video.frameRateHz * frameBytes;
  const { bavail, bsize } = await statfs(dirname(path));
  if (neededBytes > bavail * bsize) {
    const needed = Math.ceil(neededBytes / 1e9);
    throw new RehearsalError(`the webcam's raw pictures need ${needed} GB in ${dirname(path)}, and there is less`);
  }
  const fit = `scale=${widthPx}:${heightPx}:force_original_aspect_ratio=decrease`;
  const filters = [fit, `pad=${widthPx}:${heightPx}:-1:-1`, `setpts=PTS/${speed}`, 'format=yuv420p'];
  const rateHz = Math.round(video.frameRateHz * speed * 1000) / 1000;
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', '-i', videoPath],
      ['-an', '-vf', filters.join(','), '-r', String(rateHz), '-f', 'yuv4mpegpipe', path],
    ].flat(),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said = [];
  createInterface({ input: ffmpeg.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > stderrTailLines) said.shift();
  });
  createInterface({ input: ffmpeg.stdout }).on('line', (line) => {
    const [name, value] = line.split('=');
    if (name === 'out_time_us' && Number(value) > 0) onProgress((Number(value) / 1e6) * speed, video.durationS);
  });
  await new Promise((resolve, reject) => {
    ffmpeg.once('error', (error) => reject(missingProgram('ffmpeg', error) ?? error));
    ffmpeg.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new RehearsalError(`ffmpeg could not convert ${videoPath}: ${said.join(' ') || `exit code ${code}`}`));
    });
  });
};
