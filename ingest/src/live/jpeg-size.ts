export interface JpegSize {
  widthPx: number;
  heightPx: number;
}

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
/** The frame headers SOF0 … SOF15; the other three of the range are tables. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const hasNoLength = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/**
 * The size that a JPEG states in its frame header, without decoding it (ITU-T T.81, annex B). Null if the JPEG is incomplete: its start,
 * frame header, scan or end is missing. A decoder allocates memory for the stated size, whatever the file's length.
 */
export const jpegSize = (bytes: Uint8Array): JpegSize | null => {
  const end = bytes.length - 2;
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage || bytes[end] !== 0xff || bytes[end + 1] !== endOfImage)
    return null;
  let size: JpegSize | null = null;
  for (let at = 2; at < end;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return null;
    // A marker may be preceded by any number of fill bytes.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === startOfScan) return size;
    if (hasNoLength(marker)) {
      at += 2;
      continue;
    }
    const length = wordAt(bytes, at + 2);
    if (length < 2 || at + 2 + length > end) return null;
    if (isFrameHeader(marker)) {
      // A second frame header could state a different size from the first.
      if (size !== null || length < 8) return null;
      size = { heightPx: wordAt(bytes, at + 5), widthPx: wordAt(bytes, at + 7) };
      if (size.heightPx === 0 || size.widthPx === 0) return null;
    }
    at += 2 + length;
  }
  return null;
};

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/**
 * Why an image may not be passed on; null if it may.
 * @param data JPEG in base64
 * @param maxSidePx longest side that is allowed
 */
export const imageProblem = (data: string, maxSidePx: number): string | null => {
  const size = jpegSize(Buffer.from(data, 'base64'));
  if (size === null) return 'the image is not a whole JPEG';
  const { widthPx, heightPx } = size;
  if (Math.max(widthPx, heightPx) <= maxSidePx) return null;
  return `the image is ${widthPx}×${heightPx} pixels; its longest side may be at most ${maxSidePx}`;
};
