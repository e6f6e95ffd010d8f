/** A JPEG by its markers: start, frame header with this size, scan, end. It holds no image data. @returns base64 */
export const jpegOf = (widthPx: number, heightPx: number, paddingBytes = 0): string =>
  Buffer.concat([
    Buffer.from([
      0xff,
      0xd8,
      0xff,
      0xc0,
      0,
      11,
      8,
      heightPx >> 8,
      heightPx & 255,
      widthPx >> 8,
      widthPx & 255,
      1,
      1,
      0x11,
      0,
    ]),
    Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]),
    Buffer.alloc(paddingBytes),
    Buffer.from([0xff, 0xd9]),
  ]).toString('base64');
