/** Cells on each side of a layer, and how many anchors each of them has. */
export interface AnchorLayer {
  cells: number;
  anchors: number;
}

/** The middle of a cell, as shares of the input's side. Its size is fixed, so only the place matters. */
export interface Anchor {
  x: number;
  y: number;
}

/** Anchors of MediaPipe's detectors (ssd_anchors_calculator with fixed_anchor_size), layer by layer, row by row. */
export const gridAnchors = (layers: readonly AnchorLayer[]): Anchor[] =>
  layers.flatMap(({ cells, anchors }) =>
    Array.from({ length: cells * cells * anchors }, (_, i) => {
      const cell = Math.floor(i / anchors);
      return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
    }),
  );
