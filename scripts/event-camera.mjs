/** Webcams for tests, with one person before them to whom something happens. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { personPath, requirePerson } from './astronaut-camera.mjs';

const phonePath = fileURLToPath(
  new URL('../node_modules/html5-device-mockups/device-mockups/iPhone6Hand/portrait_black.png', import.meta.url),
);
const frameRateHz = 6;
/** The camera plays it again and again. */
const loopS = 18;
/** When it happens, seconds from the beginning of a loop. */
const fromS = 6;
const toS = 16;

/** The room without the person: a part of the picture that does not show her. */
const emptyRoom = 'crop=190:142:320:0,scale=640:480';
/** Her again, mirrored, beside herself. A second face that never moved would be taken for a picture on the wall. */
const otherPerson = 'crop=150:190:150:10,hflip,scale=200:254';
const handWithPhone = 'scale=330:-1';

/** One picture, decoded once, for as long as it is asked for. */
const still = `loop=loop=-1:size=1,setpts=N/${frameRateHz}/TB,fps=${frameRateHz}`;

const events = {
  absent: { picture: personPath, filter: emptyRoom, place: '0:0' },
  second: { picture: personPath, filter: otherPerson, place: '425+16*sin(2*PI*t/3):70+6*sin(2*PI*t/2)' },
  phone: { picture: phonePath, filter: handWithPhone, place: '330+6*sin(2*PI*t/3):40' },
};

/**
 * Writes raw pictures (y4m): one person who sways a little, and for some seconds of each loop `event`.
 * @param {string} path
 * @param {keyof typeof events} event
 */
export const writeEventCamera = (path, event) => {
  requirePerson();
  const { picture, filter, place } = events[event];
  const sway = 'crop=640:480:40+12*sin(2*PI*t/4):12+6*sin(2*PI*t/3)';
  const person = `[0:v]${still},scale=720:720,${sway}[person]`;
  const both = `[person][event]overlay=${place}:enable='between(t,${fromS},${toS})',noise=alls=4:allf=t,format=yuv420p`;
  const graph = `${person};[1:v]${filter},${still}[event];${both}`;
  const from = ['-i', personPath, '-i', picture];
  const to = ['-t', String(loopS), '-r', String(frameRateHz), '-f', 'yuv4mpegpipe', path];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...from, '-filter_complex', graph, ...to]);
};
