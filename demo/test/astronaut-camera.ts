import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A frontal face in the public domain, from Debian's python3-skimage. */
const picturePath = '/usr/lib/python3/dist-packages/skimage/data/astronaut.png';
const seconds = 8;
const frameRateHz = 10;

/** Writes a webcam's raw pictures: one person who sways a little, as people do. */
export const writeAstronautCamera = (path: string): void => {
  if (!existsSync(picturePath))
    throw new Error('install python3-skimage: the tests take their picture of a face from it');
  const sway = 'crop=640:480:40+12*sin(2*PI*t/4):12+6*sin(2*PI*t/3)';
  const filters = `scale=720:720,${sway},noise=alls=4:allf=t,format=yuv420p`;
  const from = ['-loop', '1', '-framerate', String(frameRateHz), '-i', picturePath];
  const to = ['-t', String(seconds), '-vf', filters, '-r', String(frameRateHz), '-f', 'yuv4mpegpipe', path];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...from, ...to]);
};
