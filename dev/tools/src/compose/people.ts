/** Images of one to four faces, by slice. The slice is the first word of the file's name. */
import type { ImageSpec, Person } from '@invigil/testkit/images/compose-images';
import { between } from './random.ts';
import type { NextRandom } from './random.ts';

type Range = readonly [from: number, to: number];

interface Slice {
  name: string;
  /** Share of the image's width. */
  faceWidth: Range;
  brightness: Range;
  blurPx?: Range;
  /** Share of the outer face that lies outside of the image. */
  outside?: Range;
}

export type PeopleSpec = Extract<ImageSpec, { people: readonly Person[] }>;

const slices: readonly Slice[] = [
  { name: 'ordinary', faceWidth: [0.1, 0.14], brightness: [0.8, 1.15] },
  { name: 'small', faceWidth: [0.055, 0.08], brightness: [0.8, 1.15] },
  { name: 'dim', faceWidth: [0.1, 0.14], brightness: [0.12, 0.3] },
  { name: 'blurred', faceWidth: [0.1, 0.14], brightness: [0.8, 1.15], blurPx: [1.5, 3] },
  { name: 'edge', faceWidth: [0.11, 0.14], brightness: [0.8, 1.15], outside: [0.15, 0.4] },
];
const mostFaces = 4;

const personFrom = (random: NextRandom, slice: Slice, place: number, count: number): Person => {
  const faceWidth = between(random, ...slice.faceWidth);
  return {
    x:
      slice.outside !== undefined && place === 0
        ? faceWidth * (0.5 - between(random, ...slice.outside))
        : (place + between(random, 0.4, 0.6)) / count,
    y: between(random, 0.35, 0.6),
    faceWidth,
    mirrored: random() < 0.5,
  };
};

/** Specifications for `composeImages`: every slice with every number of faces, in turn, up to `count` images. */
export const peopleFrom = (random: NextRandom, count: number): PeopleSpec[] =>
  Array.from({ length: count }, (_, i) => {
    const slice = slices[i % slices.length]!;
    const faces = 1 + (Math.floor(i / slices.length) % mostFaces);
    return {
      name: `${slice.name}-${faces}-${String(i).padStart(3, '0')}.jpg`,
      people: Array.from({ length: faces }, (__, place) => personFrom(random, slice, place, faces)),
      brightness: between(random, ...slice.brightness),
      blurPx: slice.blurPx === undefined ? 0 : between(random, ...slice.blurPx),
    };
  });
