import type { PointPx } from './gaze-sample.ts';

interface CaretPosition {
  offsetNode: Node;
  offset: number;
}
type CaretDocument = Document & { caretPositionFromPoint?(x: number, y: number): CaretPosition | null };

const isTextField = (element: Element | null): element is HTMLInputElement | HTMLTextAreaElement =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && /^(text|search|email|url|tel|number)?$/.test(element.type));

/** Buttons at a field's right end are not text. */
const cornerPx = 18;

/** The character at a point; null if a text field has none there. */
const offsetAt = (field: Element, x: number, y: number): number | null => {
  const found = (document as CaretDocument).caretPositionFromPoint?.(x, y) ?? null;
  return found !== null && (found.offsetNode === field || field.contains(found.offsetNode)) ? found.offset : null;
};

/** The smallest value for which `isEnough` holds, to a pixel; it holds at `to`. */
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
 * Browsers do not expose the position of a text field's caret, only the character at a point. This function therefore
 * searches for the point of the character at the caret. The text itself is not read.
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

/** The position of the caret, CSS pixels in the viewport; null if the browser does not reveal it. */
export const caretPlace = (): PointPx | null => {
  const { activeElement } = document;
  if (isTextField(activeElement)) return caretInField(activeElement);
  return activeElement instanceof HTMLElement && activeElement.isContentEditable ? caretInText() : null;
};
