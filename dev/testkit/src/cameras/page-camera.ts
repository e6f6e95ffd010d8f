/**
 * A webcam inside the page, for browsers that cannot play a file as their camera. It shows the same person as the camera file, who sways
 * slightly, with some noise: a still face would count as a photograph.
 */
import { readFileSync } from 'node:fs';
import { personPath, requirePerson } from './astronaut-camera.ts';

const imagePath = '/person-of-test-camera.png';

/** Runs in the page. Cameras of the device are never asked for. */
const installCamera = (path: string): void => {
  const size = { width: 640, height: 480 };
  const open = async (): Promise<MediaStream> => {
    const person = new Image();
    person.src = path;
    await person.decode();
    // Scaled once: browsers without a GPU would otherwise spend more on this camera than on its images' analysis.
    const scaled = Object.assign(document.createElement('canvas'), { width: 720, height: 720 });
    scaled.getContext('2d')?.drawImage(person, 0, 0, 720, 720);
    const canvas = Object.assign(document.createElement('canvas'), size);
    const context = canvas.getContext('2d');
    if (context === null) throw new DOMException('no canvas', 'NotReadableError');
    const draw = (): void => {
      const t = performance.now() / 1000;
      const x = 40 + 12 * Math.sin((2 * Math.PI * t) / 4);
      const y = 12 + 6 * Math.sin((2 * Math.PI * t) / 3);
      context.drawImage(scaled, -Math.round(x), -Math.round(y));
      // One grain of noise for each 16 rows.
      for (let row = 0; row < size.height; row += 16) {
        context.fillStyle = Math.random() < 0.5 ? 'rgb(0 0 0 / 3%)' : 'rgb(255 255 255 / 3%)';
        context.fillRect(0, row, size.width, 8);
      }
    };
    draw();
    const stream = canvas.captureStream(15);
    const [track] = stream.getVideoTracks();
    // A track that the page stops has no event.
    const timer = setInterval(() => (track?.readyState === 'live' ? draw() : clearInterval(timer)), 66);
    return stream;
  };
  // On the prototypes: WebKit forgets properties of an object that no script refers to.
  Object.assign(MediaDevices.prototype, {
    getUserMedia: open,
    enumerateDevices: async () => [{ kind: 'videoinput', deviceId: 'page', groupId: '', label: 'Camera in the page' }],
  });
  const query = navigator.permissions.query.bind(navigator.permissions);
  Permissions.prototype.query = (descriptor) => {
    if (descriptor.name !== 'camera') return query(descriptor);
    return Promise.resolve(Object.assign(new EventTarget(), { name: 'camera', state: 'granted' }) as PermissionStatus);
  };
};

/** A script for the page, and the image that it loads, by path. */
export const pageCamera = (): { script: string; files: Record<string, { body: Buffer; type: string }> } => {
  requirePerson();
  return {
    script: `(${String(installCamera)})(${JSON.stringify(imagePath)});`,
    files: { [imagePath]: { body: readFileSync(personPath), type: 'image/png' } },
  };
};
