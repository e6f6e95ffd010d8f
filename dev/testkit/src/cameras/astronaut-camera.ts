/** A webcam for tests and screenshots that shows one person. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A frontal face in the public domain, from Debian's python3-skimage. */
export const personPath = '/usr/lib/python3/dist-packages/skimage/data/astronaut.png';
const seconds = 8;
const frameRateHz = 10;

/** Throws an error that names the package to install. */
export const requirePerson = (): void => {
  if (existsSync(personPath)) return;
  throw new Error(`${personPath} is missing. Install it with: sudo apt-get install python3-skimage`);
};

/** Writes a raw video (y4m) of one person who sways slightly. A still face would count as a photograph. */
export const writeAstronautCamera = (path: string): void => {
  requirePerson();
  const sway = 'crop=640:480:40+12*sin(2*PI*t/4):12+6*sin(2*PI*t/3)';
  const filters = `scale=720:720,${sway},noise=alls=4:allf=t,format=yuv420p`;
  const from = ['-loop', '1', '-framerate', String(frameRateHz), '-i', personPath];
  const to = ['-t', String(seconds), '-vf', filters, '-r', String(frameRateHz), '-f', 'yuv4mpegpipe', path];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...from, ...to]);
};
