import { useEffect, useRef } from 'preact/hooks';

/** A video element that outlives the views it is shown in: the engine plays the camera in it. */
export const createPreview = (label: string): HTMLVideoElement => {
  const video = document.createElement('video');
  video.className = 'mirrored';
  video.muted = true;
  video.playsInline = true;
  video.setAttribute('aria-label', label);
  return video;
};

/** Shows the preview here, mirrored. */
export const CameraPreview = ({ video }: { video: HTMLVideoElement }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.append(video);
    if (video.srcObject !== null) video.play().catch((error: unknown) => console.warn('preview_not_playing', error));
  }, [video]);
  return <div ref={place} class="preview" />;
};
