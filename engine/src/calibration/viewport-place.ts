import type { PointPx } from './gaze-sample.ts';

/** Where the viewport is on the screen, so that a point can be told in it after the window was moved, resized or zoomed. */
export interface ViewportPlace {
  /** CSS pixels at the page's zoom. */
  widthPx: number;
  heightPx: number;
  /** The window on the screen, which the page's zoom does not change. What the browser shows around the page is taken to be above it. */
  screenXPx: number;
  screenYPx: number;
  windowHeightPx: number;
  /** Device pixels in a CSS pixel. */
  pixelRatio: number;
}

export const viewportPlace = (): ViewportPlace => ({
  widthPx: innerWidth,
  heightPx: innerHeight,
  screenXPx: screenX,
  screenYPx: screenY,
  windowHeightPx: outerHeight,
  pixelRatio: devicePixelRatio,
});

const topPx = ({ screenYPx, windowHeightPx, heightPx }: ViewportPlace, zoom: number): number =>
  screenYPx + windowHeightPx - heightPx * zoom;

/** A point of the viewport that was, in the viewport that is. */
export const movedPoint = ({ x, y }: PointPx, was: ViewportPlace, is: ViewportPlace): PointPx => {
  const zoom = is.pixelRatio / was.pixelRatio;
  return {
    x: (x + was.screenXPx - is.screenXPx) / zoom,
    y: (y + topPx(was, 1) - topPx(is, zoom)) / zoom,
  };
};
