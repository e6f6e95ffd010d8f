/** Pictures of one to four faces, by slice. The slice is the first word of the file's name. */

const between = (random, from, to) => from + (to - from) * random();

/** `faceWidth`: share of the picture's width. `edge`: share of the outer face that lies outside of the picture. */
const slices = [
  { name: 'ordinary', faceWidth: [0.1, 0.14], brightness: [0.8, 1.15] },
  { name: 'small', faceWidth: [0.055, 0.08], brightness: [0.8, 1.15] },
  { name: 'dim', faceWidth: [0.1, 0.14], brightness: [0.12, 0.3] },
  { name: 'blurred', faceWidth: [0.1, 0.14], brightness: [0.8, 1.15], blurPx: [1.5, 3] },
  { name: 'edge', faceWidth: [0.11, 0.14], brightness: [0.8, 1.15], outside: [0.15, 0.4] },
];
const most = 4;

const personFrom = (random, slice, place, count) => {
  const faceWidth = between(random, ...slice.faceWidth);
  const isOuter = slice.outside !== undefined && place === 0;
  return {
    x: isOuter ? faceWidth * (0.5 - between(random, ...slice.outside)) : (place + between(random, 0.4, 0.6)) / count,
    y: between(random, 0.35, 0.6),
    faceWidth,
    mirrored: random() < 0.5,
  };
};

/** Specifications for `composeImages`: every slice with every number of faces, as often as `count` allows. */
export const peopleFrom = (random, count) =>
  Array.from({ length: count }, (_, i) => {
    const slice = slices[i % slices.length];
    const faces = 1 + (Math.floor(i / slices.length) % most);
    return {
      name: `${slice.name}-${faces}-${String(i).padStart(3, '0')}.jpg`,
      people: Array.from({ length: faces }, (__, place) => personFrom(random, slice, place, faces)),
      brightness: between(random, ...slice.brightness),
      blurPx: slice.blurPx === undefined ? 0 : between(random, ...slice.blurPx),
    };
  });
