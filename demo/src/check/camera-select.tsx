import type { Cameras } from '@invigil/engine';
import { checkTexts as texts } from './check-texts.ts';

/** Chooses among several cameras. Their names come from the browser and are not translated. */
export const CameraSelect = ({ cameras, choose }: { cameras: Cameras; choose: (deviceId: string) => void }) => {
  const choices = cameras.choices ?? [];
  if (choices.length < 2) return null;
  return (
    <div class="field">
      <label for="camera">{texts.items.camera}</label>
      <select
        id="camera"
        value={cameras.usedId ?? ''}
        translate={false}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {choices.map(({ deviceId, label, kind }) => (
          <option key={deviceId} value={deviceId}>
            {kind === 'infrared' ? `${label} (${texts.infrared})` : label}
          </option>
        ))}
      </select>
    </div>
  );
};
