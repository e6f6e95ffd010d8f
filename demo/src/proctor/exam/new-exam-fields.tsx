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
  withoutCamera: Signal<boolean>;
  withoutAnalysis: Signal<boolean>;
}

const Choice = ({ value, text }: { value: Signal<boolean>; text: string }) => (
  <label>
    <input type="checkbox" checked={value.value} onChange={(event) => (value.value = event.currentTarget.checked)} />
    {text}
  </label>
);

/** What proctors see while the exam runs, and what students may do. */
export const PolicyFields = ({ view, breaks, withoutCamera, withoutAnalysis }: PolicyFieldsProps) => (
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
      <Choice value={breaks} text={texts.breaks} />
      <Choice value={withoutCamera} text={texts.withoutCamera} />
      <Choice value={withoutAnalysis} text={texts.withoutAnalysis} />
    </div>
  </>
);
