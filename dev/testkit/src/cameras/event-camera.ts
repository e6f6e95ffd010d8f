/** Webcams for tests that show one person, and one event in each loop of the video. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageFolder } from '../repository.ts';
import { personPath, requirePerson } from './astronaut-camera.ts';

const phonePath = join(packageFolder('html5-device-mockups'), 'device-mockups/iPhone6Hand/portrait_black.png');
const frameRateHz = 6;
/** Chromium plays the file in a loop of this length. */
const loopS = 18;
/** When the event starts and ends, seconds from the start of a loop. */
const fromS = 6;
const toS = 16;

/** The empty room: a part of the image that does not show the person. */
const emptyRoom = 'crop=190:142:320:0,scale=640:480';
/** The same person, mirrored, beside herself. It moves: a second face that never moves would count as a photograph on the wall. */
const otherPerson = 'crop=150:190:150:10,hflip,scale=200:254';
const handWithPhone = 'scale=330:-1';
/** A piece of wall in front of half of the face. */
const cover = 'crop=60:100:420:0,scale=130:220';

/** Decodes one image once and repeats it. */
const still = `loop=loop=-1:size=1,setpts=N/${frameRateHz}/TB,fps=${frameRateHz}`;

const events = {
  absent: { image: personPath, filter: emptyRoom, place: '0:0' },
  second: { image: personPath, filter: otherPerson, place: '425+16*sin(2*PI*t/3):70+6*sin(2*PI*t/2)' },
  covered: { image: personPath, filter: cover, place: '270:60' },
  phone: { image: phonePath, filter: handWithPhone, place: '330+6*sin(2*PI*t/3):40' },
};

/** Writes a raw video (y4m) of one person who sways slightly, with `event` for some seconds of each loop. */
export const writeEventCamera = (path: string, event: keyof typeof events): void => {
  requirePerson();
  const { image, filter, place } = events[event];
  const sway = 'crop=640:480:40+12*sin(2*PI*t/4):12+6*sin(2*PI*t/3)';
  const person = `[0:v]${still},scale=720:720,${sway}[person]`;
  const both = `[person][event]overlay=${place}:enable='between(t,${fromS},${toS})',noise=alls=4:allf=t,format=yuv420p`;
  const graph = `${person};[1:v]${filter},${still}[event];${both}`;
  const from = ['-i', personPath, '-i', image];
  const to = ['-t', String(loopS), '-r', String(frameRateHz), '-f', 'yuv4mpegpipe', path];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...from, '-filter_complex', graph, ...to]);
};
