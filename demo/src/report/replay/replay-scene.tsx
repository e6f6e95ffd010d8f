import type { Replay, ReplayColumnName } from '@invigil/protocol/report';
import { replayTexts as texts } from './replay-texts.ts';
import { numberText } from '../../page/number-text.ts';

/** Camera image of frames that do not state its size, pixels. */
const usualImage = { width: 640, height: 480 };

type Read = (name: ReplayColumnName) => number | null;

const degreesOf = (rad: number): number => (rad * 180) / Math.PI;
const degreesText = (rad: number): string => `${numberText(degreesOf(rad))}°`;

/** The scene in words. */
const sceneText = (read: Read): string => {
  if (read('observed') !== 1) return texts.notObserved;
  const faces = read('no_of_face');
  const [yaw, pitch] = [read('head_yaw'), read('head_pitch')];
  return [
    faces === 0 ? texts.noFace : faces === 1 || faces === null ? texts.face : texts.faces(String(faces)),
    yaw === null ? null : texts.turned(degreesText(yaw)),
    pitch === null ? null : texts.raised(degreesText(pitch)),
    read('phone_present') === 1 ? texts.phone : null,
    (read('hand_count') ?? 0) > 0 ? texts.hand : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
};

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const boxOf = (read: Read, part: 'face' | 'phone' | 'hand'): Box | null => {
  const [x, y, w, h] = [read(`${part}_x`), read(`${part}_y`), read(`${part}_w`), read(`${part}_h`)];
  return x === null || y === null || w === null || h === null ? null : { x, y, w, h };
};

/** Where a part is drawn whose place was not measured; its outline is dashed. */
const unknownPlace = ({ width, height }: { width: number; height: number }, part: 'face' | 'phone' | 'hand'): Box => {
  if (part === 'face') return { x: width * 0.5, y: height * 0.45, w: width * 0.25, h: height * 0.45 };
  return { x: width * (part === 'phone' ? 0.85 : 0.15), y: height * 0.8, w: width * 0.12, h: height * 0.25 };
};

/** An eye: its height shows how far it is open; dashed if that is unknown. */
const Eye = ({ x, y, box, open }: { x: number; y: number; box: Box; open: number | null }) => (
  <ellipse
    class={open === null ? 'unknown' : ''}
    cx={x}
    cy={y}
    rx={box.w * 0.1}
    ry={Math.max(box.h * 0.006, box.h * 0.06 * (open ?? 0.5))}
  />
);

/** A head of the face's size and place, turned as measured. The student's own left is at the image's right. */
const Head = ({ box, read, isPlaced }: { box: Box; read: Read; isPlaced: boolean }) => {
  const turn = -Math.sin(read('head_yaw') ?? 0);
  const lift = -Math.sin(read('head_pitch') ?? 0);
  const centre = { x: box.x + turn * box.w * 0.35, y: box.y + lift * box.h * 0.3 };
  const eyeY = centre.y - box.h * 0.12;
  return (
    <g class="head" transform={`rotate(${degreesOf(read('head_roll') ?? 0).toFixed(1)} ${box.x} ${box.y})`}>
      <ellipse class={isPlaced ? 'skull' : 'skull unknown'} cx={box.x} cy={box.y} rx={box.w / 2} ry={box.h / 2} />
      <Eye x={centre.x - box.w * 0.2} y={eyeY} box={box} open={read('eye_open_right')} />
      <Eye x={centre.x + box.w * 0.2} y={eyeY} box={box} open={read('eye_open_left')} />
      <line x1={box.x} y1={box.y} x2={box.x + turn * box.w * 0.75} y2={box.y + lift * box.h * 0.65} class="nose" />
      <ellipse
        class={read('mouth_open') === null ? 'unknown' : ''}
        cx={centre.x}
        cy={centre.y + box.h * 0.24}
        rx={box.w * 0.14}
        ry={Math.max(box.h * 0.008, box.h * 0.12 * (read('mouth_open') ?? 0))}
      />
    </g>
  );
};

const LabelledBox = ({ box, name, isPlaced }: { box: Box; name: 'phone' | 'hand'; isPlaced: boolean }) => (
  <g class={`box ${name}`}>
    <rect class={isPlaced ? '' : 'unknown'} x={box.x - box.w / 2} y={box.y - box.h / 2} width={box.w} height={box.h} />
    <text x={box.x - box.w / 2 + 4} y={box.y - box.h / 2 + 20}>
      {texts[name]}
    </text>
  </g>
);

/** Frames have the place of one face only, so further ones are outlines in a corner. */
const OtherFaces = ({ count, width, height }: { count: number; width: number; height: number }) => (
  <g class="other-faces">
    {Array.from({ length: Math.min(count, 3) }, (_, index) => (
      <ellipse
        key={index}
        class="unknown"
        cx={width * (0.92 - index * 0.12)}
        cy={height * 0.14}
        rx={width * 0.05}
        ry={height * 0.09}
      />
    ))}
  </g>
);

interface ReplaySceneProps {
  replay: Replay;
  /** Of the frame; -1: none yet. */
  index: number;
}

/** What one frame measured, drawn in the camera's image: head, hands and phone. */
export const ReplayScene = ({ replay, index }: ReplaySceneProps) => {
  const read: Read = (name) => (index < 0 ? null : replay.value(index, name));
  const width = read('image_width') ?? usualImage.width;
  const height = read('image_height') ?? usualImage.height;
  const isObserved = read('observed') === 1;
  const faces = read('no_of_face') ?? 0;
  const isThere = {
    face: isObserved && faces > 0,
    phone: read('phone_present') === 1,
    hand: (read('hand_count') ?? 0) > 0,
  };
  const placeOf = (part: keyof typeof isThere): Box | null =>
    isThere[part] ? (boxOf(read, part) ?? unknownPlace({ width, height }, part)) : null;
  const [face, phone, hand] = [placeOf('face'), placeOf('phone'), placeOf('hand')];
  const says = sceneText(read);
  return (
    <figure class="replay-scene">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={says}
        data-observed={isObserved}
        data-faces={faces}
        data-phone={read('phone_present') === 1}
      >
        <rect class={isObserved ? 'image' : 'image missing'} width={width} height={height} />
        {face === null ? null : <Head box={face} read={read} isPlaced={boxOf(read, 'face') !== null} />}
        {faces > 1 ? <OtherFaces count={faces - 1} width={width} height={height} /> : null}
        {hand === null ? null : <LabelledBox box={hand} name="hand" isPlaced={boxOf(read, 'hand') !== null} />}
        {phone === null ? null : <LabelledBox box={phone} name="phone" isPlaced={boxOf(read, 'phone') !== null} />}
      </svg>
      <figcaption class="small" aria-live="off">
        {says}
      </figcaption>
    </figure>
  );
};
