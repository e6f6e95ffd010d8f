import type { ViewProps } from './view-props.ts';

/** Lets the student choose among several cameras. Names come from the browser and are not translated. */
export const CameraPicker = ({ view: { cameras }, texts: { camera: texts }, onChooseCamera }: ViewProps) => {
  const choices = cameras.choices ?? [];
  if (choices.length < 2) return null;
  const isUsedListed = choices.some(({ deviceId }) => deviceId === cameras.usedId);
  return (
    <label part="camera" class="camera small">
      <span>{texts.label}</span>
      <select data-testid="camera" onChange={({ currentTarget }) => onChooseCamera(currentTarget.value)}>
        {isUsedListed ? null : (
          <option value="" disabled selected>
            {texts.choose}
          </option>
        )}
        {choices.map(({ deviceId, label, kind }) => (
          <option key={deviceId} value={deviceId} selected={deviceId === cameras.usedId} translate={false}>
            {kind === 'colour' ? label : `${label} (${texts[kind]})`}
          </option>
        ))}
      </select>
    </label>
  );
};
