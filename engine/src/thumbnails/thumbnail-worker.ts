/** Encodes thumbnails off the main thread, and at full speed while the page is hidden. */
export interface EncodeRequest {
  image: VideoFrame | ImageBitmap;
  maxSidePx: number;
  maxBytes: number;
}

/** JPEG in base64; null if no quality makes it small enough. */
export type EncodedThumbnail = string | null;

/** Tried from the best down; at thumbnail size the first is nearly always small enough. */
const qualities = [0.7, 0.5, 0.3, 0.1];

const sizeOf = (image: EncodeRequest['image']): { width: number; height: number } =>
  'displayWidth' in image
    ? { width: image.displayWidth, height: image.displayHeight }
    : { width: image.width, height: image.height };

const encode = async ({ image, maxSidePx, maxBytes }: EncodeRequest): Promise<EncodedThumbnail> => {
  const { width, height } = sizeOf(image);
  const scale = Math.min(1, maxSidePx / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  if (context === null) return null;
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (blob.size <= maxBytes) return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  }
  return null;
};

addEventListener('message', ({ data }: MessageEvent<EncodeRequest>) => {
  void encode(data)
    .catch(() => null)
    .then((answer: EncodedThumbnail) => postMessage(answer));
});
