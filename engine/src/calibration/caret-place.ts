import type { PointPx } from './gaze-sample.ts';

interface CaretPosition {
  offsetNode: Node;
  offset: number;
}
type CaretDocument = Document & { caretPositionFromPoint?(x: number, y: number): CaretPosition | null };

const isTextField = (element: Element | null): element is HTMLInputElement | HTMLTextAreaElement =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && /^(text|search|email|url|tel|number)?$/.test(element.type));

/** Handles and buttons at a field's right end are no text. */
const cornerPx = 18;

/** Which character a point is at; where a text field has no such place, null. */
const offsetAt = (field: Element, x: number, y: number): number | null => {
  const found = (document as CaretDocument).caretPositionFromPoint?.(x, y) ?? null;
  return found !== null && (found.offsetNode === field || field.contains(found.offsetNode)) ? found.offset : null;
};

/** The least value for which `isEnough` holds, to a pixel; it does at `to`. */
const leastPx = (from: number, to: number, isEnough: (px: number) => boolean): number => {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const half = (low + high) / 2;
    if (isEnough(half)) high = half;
    else low = half;
  }
  return high;
};

/**
 * Browsers do not say where the caret of a text field is, but which character is at a point; so the point is searched for whose
 * character is the caret's. The text itself is not read.
 */
const caretInField = (field: HTMLInputElement | HTMLTextAreaElement): PointPx | null => {
  const caret = field.selectionStart;
  if (caret === null || field.selectionEnd !== caret) return null;
  const box = field.getBoundingClientRect();
  const [left, top, bottom] = [box.left + 2, box.top + 2, box.bottom - 2];
  const right = box.right - Math.min(cornerPx, box.width / 4);
  const reaches = (x: number, y: number): boolean => (offsetAt(field, x, y) ?? -1) >= caret;
  if (!reaches(right, bottom)) return null;
  const y =
    field instanceof HTMLTextAreaElement ? leastPx(top, bottom, (py) => reaches(right, py)) : (top + bottom) / 2;
  const lineY = Math.min(bottom, y + 4);
  if (!reaches(right, lineY)) return null;
  const x = leastPx(left, right, (px) => reaches(px, lineY));
  return { x, y: lineY };
};

const caretInText = (): PointPx | null => {
  const selection = getSelection();
  if (selection === null || !selection.isCollapsed || selection.rangeCount === 0) return null;
  const box = selection.getRangeAt(0).getBoundingClientRect();
  return box.height > 0 ? { x: box.left, y: box.top + box.height / 2 } : null;
};

/** Where the student is typing, CSS pixels in the viewport; null where the browser does not tell. */
export const caretPlace = (): PointPx | null => {
  const { activeElement } = document;
  if (isTextField(activeElement)) return caretInField(activeElement);
  return activeElement instanceof HTMLElement && activeElement.isContentEditable ? caretInText() : null;
};
