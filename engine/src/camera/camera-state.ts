export type CameraState =
  | { state: 'starting' }
  | { state: 'on'; label: string; widthPx: number; heightPx: number; frameRateHz: number | null }
  /** Lost mid-session; it is reopened when it is available again. `sinceMs`: Unix epoch. */
  | { state: 'lost'; sinceMs: number };
