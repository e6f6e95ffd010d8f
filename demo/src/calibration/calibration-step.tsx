import type { CalibrationState } from '@invigil/engine';
import { calibrationTexts as texts } from './calibration-texts.ts';
import { numberText } from '../page/number-text.ts';

const outcomeText = (state: CalibrationState): string => {
  switch (state.state) {
    case 'calibrated':
      return texts.calibrated(numberText(state.errorDeg, 1), numberText(state.errorPx));
    case 'too_poor':
      return texts.tooPoor[state.reason];
    default:
      return texts.none;
  }
};

interface CalibrationStepProps {
  state: CalibrationState;
  onBegin: () => void;
}

/** Calibration, between the check and the exam, and its result. */
export const CalibrationStep = ({ state, onBegin }: CalibrationStepProps) => (
  <section class="card" aria-labelledby="calibration" data-calibration={state.state}>
    <h2 id="calibration">{texts.title}</h2>
    <p>{texts.about}</p>
    <p role="status">{outcomeText(state)}</p>
    <div class="buttons">
      <button class="button quiet" type="button" onClick={onBegin}>
        {state.state === 'none' ? texts.begin : texts.again}
      </button>
    </div>
  </section>
);
