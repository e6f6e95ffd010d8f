import type { ExamPolicy } from '@invigil/protocol/channels';
import type { Signal } from '@preact/signals';
import { proctorTexts } from '../texts/proctor-texts.ts';

const texts = proctorTexts.create;
const views = ['numbers', 'thumbnails', 'none'] as const satisfies readonly ExamPolicy['live_view'][];
const maxTitleLength = 300;
const maxMinutes = 10_080;

export const TitleField = ({ title }: { title: Signal<string> }) => (
  <div class="field">
    <label for="exam-title">{texts.name}</label>
    <input
      id="exam-title"
      type="text"
      required
      maxLength={maxTitleLength}
      autocomplete="off"
      value={title.value}
      onInput={(event) => (title.value = event.currentTarget.value)}
    />
  </div>
);

export const MinutesField = ({ minutes }: { minutes: Signal<string> }) => (
  <div class="field">
    <label for="exam-minutes">{texts.minutes}</label>
    <span class="hint" id="exam-minutes-hint">
      {texts.minutesHint}
    </span>
    <input
      id="exam-minutes"
      type="number"
      min={1}
      max={maxMinutes}
      aria-describedby="exam-minutes-hint"
      value={minutes.value}
      onInput={(event) => (minutes.value = event.currentTarget.value)}
    />
  </div>
);

interface PolicyFieldsProps {
  view: Signal<ExamPolicy['live_view']>;
  breaks: Signal<boolean>;
}

/** What proctors see while the exam runs, and whether students may take breaks. */
export const PolicyFields = ({ view, breaks }: PolicyFieldsProps) => (
  <>
    <fieldset class="choices">
      <legend>{texts.view}</legend>
      {views.map((name) => (
        <label key={name}>
          <input type="radio" name="view" checked={view.value === name} onChange={() => (view.value = name)} />
          {texts.views[name]}
        </label>
      ))}
    </fieldset>
    <div class="choices">
      <label>
        <input
          type="checkbox"
          checked={breaks.value}
          onChange={(event) => (breaks.value = event.currentTarget.checked)}
        />
        {texts.breaks}
      </label>
    </div>
  </>
);
