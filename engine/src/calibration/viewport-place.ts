import type { PointPx } from './gaze-sample.ts';

/**
 * Position of the viewport on the screen, so that a point can be converted after the window was moved, resized or
 * zoomed.
 */
export interface ViewportPlace {
  /** CSS pixels at the page's zoom. */
  widthPx: number;
  heightPx: number;
  /**
   * The window on the screen, independent of the page's zoom. The browser's own controls are assumed to be above the
   * page.
   */
  screenXPx: number;
  screenYPx: number;
  windowHeightPx: number;
  /** Device pixels per CSS pixel. */
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

/** Converts a point of the earlier viewport to the current one. */
export const movedPoint = ({ x, y }: PointPx, was: ViewportPlace, is: ViewportPlace): PointPx => {
  const zoom = is.pixelRatio / was.pixelRatio;
  return {
    x: (x + was.screenXPx - is.screenXPx) / zoom,
    y: (y + topPx(was, 1) - topPx(is, zoom)) / zoom,
  };
};
