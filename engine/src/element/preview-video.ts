/** The element's camera preview, which outlives the views that show it. */
export const createPreviewVideo = (): HTMLVideoElement => {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
};
