export type CameraState =
  | { state: 'starting' }
  | { state: 'on'; label: string; widthPx: number; heightPx: number; frameRateHz: number | null }
  /** Gone in mid-session; it is taken up again when it is back. `sinceMs`: Unix epoch. */
  | { state: 'lost'; sinceMs: number };
