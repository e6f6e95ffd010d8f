/** A mesh point in camera pixels: x to the right, y down, z away from the camera in the scale of x. */
export interface Landmark {
  x: number;
  y: number;
  z: number;
}

/** A box in camera pixels, from its top left corner. */
export interface BoxPx {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface SizePx {
  width: number;
  height: number;
}

export const intersectionOverUnion = (a: BoxPx, b: BoxPx): number => {
  const shared = sharedArea(a, b);
  const union = a.width * a.height + b.width * b.height - shared;
  return union > 0 ? shared / union : 0;
};

/** Share of a box that lies in another. */
export const shareInside = (box: BoxPx, other: BoxPx): number => {
  const area = box.width * box.height;
  return area > 0 ? sharedArea(box, other) / area : 0;
};

/** A box enlarged by a share of its width and height on each side. */
export const widened = ({ x, y, width, height }: BoxPx, share: number): BoxPx => {
  const [dx, dy] = [width * share, height * share];
  return { x: x - dx, y: y - dy, width: width + 2 * dx, height: height + 2 * dy };
};

/** Overlap as a share of the smaller box. */
export const overlapOfSmaller = (a: BoxPx, b: BoxPx): number => {
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return smaller > 0 ? sharedArea(a, b) / smaller : 0;
};

const sharedArea = (a: BoxPx, b: BoxPx): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
};
