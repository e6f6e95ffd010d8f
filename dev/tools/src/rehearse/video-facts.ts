import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError } from '../command/command-line.ts';

const run = promisify(execFile);
/** For videos that state no frame rate. */
const defaultFrameRateHz = 15;

interface ProbeOutput {
  streams?: { duration?: string; avg_frame_rate?: string; r_frame_rate?: string }[];
  format?: { duration?: string };
}

export interface VideoFacts {
  durationS: number;
  frameRateHz: number;
}

/** The error for a program that is not installed; null for other errors. */
export const missingProgram = (name: string, error: NodeJS.ErrnoException): CommandError | null =>
  error.code === 'ENOENT'
    ? new CommandError(`${name} is not installed. Install it with: sudo apt-get install ffmpeg`, { cause: error })
    : null;

const probe = async (path: string): Promise<ProbeOutput> => {
  try {
    const words = ['-v', 'error', '-select_streams', 'v:0', '-of', 'json'];
    const fields = ['-show_entries', 'stream=duration,avg_frame_rate,r_frame_rate:format=duration'];
    const { stdout } = await run('ffprobe', [...words, ...fields, path]);
    return JSON.parse(stdout) as ProbeOutput;
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException & { stderr?: string };
    const reason = (error.stderr ?? error.message).trim().split('\n').at(-1);
    throw missingProgram('ffprobe', error) ?? new CommandError(`${path} cannot be read: ${reason}`, { cause: error });
  }
};

/** Length and frame rate of a video, from ffprobe. */
export const probeVideo = async (path: string): Promise<VideoFacts> => {
  const output = await probe(path);
  const stream = output.streams?.[0];
  if (stream === undefined) throw new CommandError(`${path} contains no video`);
  const durationS = Number(stream.duration ?? output.format?.duration);
  const [numerator, denominator] = String(stream.avg_frame_rate ?? stream.r_frame_rate).split('/');
  const frameRateHz = Number(numerator) / Number(denominator);
  if (!(durationS > 0)) throw new CommandError(`${path} states no duration`);
  return { durationS, frameRateHz: frameRateHz > 0 ? frameRateHz : defaultFrameRateHz };
};
