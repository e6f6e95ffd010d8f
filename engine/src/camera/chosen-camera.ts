/** The camera that the student chose on this site. */
export interface ChosenCamera {
  deviceId: string;
  label: string;
}

const key = 'invigil-camera';

const isChosen = (value: unknown): value is ChosenCamera => {
  const { deviceId, label } = (value ?? {}) as Partial<ChosenCamera>;
  return typeof deviceId === 'string' && deviceId !== '' && typeof label === 'string';
};

/** Keeps the student's choice from the camera check to the exam. A page without storage asks again. */
export const chosenCamera = {
  get: (): ChosenCamera | null => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
      return isChosen(value) ? { deviceId: value.deviceId, label: value.label } : null;
    } catch {
      // Storage is blocked, or another program wrote this key.
      return null;
    }
  },
  set: ({ deviceId, label }: ChosenCamera): void => {
    try {
      localStorage.setItem(key, JSON.stringify({ deviceId, label }));
    } catch {
      // The choice lasts for this page only.
    }
  },
};
