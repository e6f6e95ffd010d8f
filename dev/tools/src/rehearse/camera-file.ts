import { spawn } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandError } from '../command/command-line.ts';
import { missingProgram } from './video-facts.ts';
import type { VideoFacts } from './video-facts.ts';

const widthPx = 640;
const heightPx = 480;
/** y4m holds uncompressed frames with 12 bits a pixel. */
const frameBytes = (widthPx * heightPx * 3) / 2;
const stderrTailLines = 4;

export interface CameraFileOptions {
  videoPath: string;
  video: VideoFacts;
  speed: number;
  path: string;
  onProgress: (doneS: number, totalS: number) => void;
}

const requireSpace = async (path: string, video: VideoFacts): Promise<void> => {
  const neededBytes = video.durationS * video.frameRateHz * frameBytes;
  const { bavail, bsize } = await statfs(dirname(path));
  if (neededBytes <= bavail * bsize) return;
  const needed = Math.ceil(neededBytes / 1e9);
  throw new CommandError(`the webcam's raw frames need ${needed} GB in ${dirname(path)}, which has less free space`);
};

const ffmpegWords = ({ videoPath, video, speed, path }: CameraFileOptions): string[] => {
  const fit = `scale=${widthPx}:${heightPx}:force_original_aspect_ratio=decrease`;
  const filters = [fit, `pad=${widthPx}:${heightPx}:-1:-1`, `setpts=PTS/${speed}`, 'format=yuv420p'];
  const rateHz = Math.round(video.frameRateHz * speed * 1000) / 1000;
  return [
    ['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', '-i', videoPath],
    ['-an', '-vf', filters.join(','), '-r', String(rateHz), '-f', 'yuv4mpegpipe', path],
  ].flat();
};

/** Writes the video for the fake webcam: raw 640×480 frames (letterboxed, never stretched) at their own rate times `speed`. */
export const writeCameraFile = async (options: CameraFileOptions): Promise<void> => {
  const { videoPath, video, speed, path, onProgress } = options;
  await requireSpace(path, video);
  const ffmpeg = spawn('ffmpeg', ffmpegWords(options), { stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines: string[] = [];
  createInterface({ input: ffmpeg.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > stderrTailLines) lastLines.shift();
  });
  createInterface({ input: ffmpeg.stdout }).on('line', (line) => {
    const [name, value] = line.split('=');
    if (name === 'out_time_us' && Number(value) > 0) onProgress((Number(value) / 1e6) * speed, video.durationS);
  });
  await new Promise<void>((resolve, reject) => {
    ffmpeg.once('error', (error) => reject(missingProgram('ffmpeg', error) ?? error));
    ffmpeg.once('close', (code) => {
      const reason = lastLines.join(' ') || `exit code ${code}`;
      if (code === 0) resolve();
      else reject(new CommandError(`ffmpeg could not convert ${videoPath}: ${reason}`));
    });
  });
};
