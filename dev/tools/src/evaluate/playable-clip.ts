import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Converts a clip to VP8 in a folder, because browsers of Linux distributions do not play every codec. Needs ffmpeg.
 * @returns the file's name.
 */
export const playableClip = async (source: string, folder: string, index: number): Promise<string> => {
  const name = `clip-${index}.webm`;
  const codec = ['-c:v', 'libvpx', '-deadline', 'realtime', '-crf', '6', '-b:v', '6M'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-i', source, '-an', ...codec, join(folder, name)]);
  return name;
};
