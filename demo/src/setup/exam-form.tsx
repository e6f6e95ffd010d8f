import type { ComponentChildren } from 'preact';
import { ruleSets } from '@invigil/protocol/rules';
import { useId, useLayoutEffect } from 'preact/hooks';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import type { ExamFormState } from './exam-form-state.ts';
import { CheckField, SelectField, TextField } from './form-field.tsx';
import { setupTexts as texts } from './setup-texts.ts';

const maxMinutes = 10_080;
const maxQuestions = 10_000;
const maxDays = 3650;

const Group = ({ title, children }: { title: string; children: ComponentChildren }) => {
  const id = useId();
  return (
    <section class="card setup-group" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
};

const optionsOf = (names: Readonly<Record<string, string>>) => Object.entries(names);
const ruleOptions = (): (readonly [string, string])[] => [
  ['', texts.choices.currentRules],
  ...Object.keys(ruleSets).map((version) => [version, texts.choices.rules(version)] as const),
];

const Fields = ({ form, webhookSecret }: { form: ExamFormState; webhookSecret: string | null }) => (
  <div class="setup-groups">
    <Group title={texts.groups.exam}>
      <TextField form={form} name="title" type="text" required maxLength={300} />
      <TextField form={form} name="scheduledAt" type="datetime-local" />
      <TextField form={form} name="minutes" type="number" min={1} max={maxMinutes} />
      <TextField form={form} name="questions" type="number" min={0} max={maxQuestions} />
      <TextField form={form} name="examUrl" type="url" />
    </Group>
    <Group title={texts.groups.people}>
      <TextField form={form} name="teachers" type="text" />
      <TextField form={form} name="organiserName" type="text" maxLength={200} />
      <TextField form={form} name="organiserContact" type="text" maxLength={300} />
      <TextField form={form} name="privacyUrl" type="url" />
    </Group>
    <Group title={texts.groups.proctors}>
      <SelectField form={form} name="liveView" options={optionsOf(texts.choices.liveView)} />
      <CheckField form={form} name="alertThumbnails" />
      <CheckField form={form} name="sentinelImages" />
    </Group>
    <Group title={texts.groups.students}>
      <CheckField form={form} name="breaks" />
      <CheckField form={form} name="chat" />
      <CheckField form={form} name="phoneCamera" />
      <CheckField form={form} name="withoutCamera" />
      <CheckField form={form} name="withoutAnalysis" />
      <CheckField form={form} name="withoutStorage" />
      <CheckField form={form} name="withoutLock" />
    </Group>
    <Group title={texts.groups.browser}>
      <CheckField form={form} name="safeExamBrowser" />
      <TextField form={form} name="sebConfigKeys" type="text" />
      <TextField form={form} name="sebBrowserExamKeys" type="text" />
    </Group>
    <Group title={texts.groups.review}>
      <CheckField form={form} name="reportToStudent" />
      <CheckField form={form} name="history" />
      <SelectField form={form} name="reviewers" options={optionsOf(texts.choices.reviewers)} />
      <SelectField form={form} name="rulesVersion" options={ruleOptions()} />
    </Group>
    <Group title={texts.groups.data}>
      <TextField form={form} name="framesDays" type="number" min={0} max={maxDays} />
      <TextField form={form} name="reportsDays" type="number" min={0} max={maxDays} />
      <TextField form={form} name="webhookUrl" type="url" />
      <SelectField form={form} name="webhookFormat" options={optionsOf(texts.choices.webhookFormat)} />
      {webhookSecret === null ? null : (
        <p class="small">
          {texts.webhookSecret}{' '}
          <code class="secret" translate={false}>
            {webhookSecret}
          </code>
        </p>
      )}
    </Group>
  </div>
);

interface ExamFormProps {
  form: ExamFormState;
  webhookSecret: string | null;
  /** Called on pressing the button, if the browser accepts all fields. */
  send: () => void;
  /** Before the button. */
  children?: ComponentChildren;
}

/** All settings of an exam, in groups. */
export const ExamForm = ({ form, webhookSecret, send, children }: ExamFormProps) => {
  const { value: problem } = form.problem;
  const { value: wrongField } = form.wrongField;
  useLayoutEffect(() => {
    if (wrongField !== null && !form.isEditedSince)
      document.querySelector<HTMLElement>(`#setup-${wrongField}`)?.focus();
  }, [problem]);
  const isOver = form.isFixed('title');
  return (
    <form
      aria-label={texts.groups.exam}
      data-testid="exam-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {form.edited !== null && form.isFixed('minutes') ? <p>{isOver ? texts.over : texts.opened}</p> : null}
      <Fields form={form} webhookSecret={webhookSecret} />
      {children}
      {problem === null || wrongField !== null ? null : <ProblemNotice answer={problem} />}
      {isOver ? null : (
        <div class="buttons">
          <button class="button" disabled={form.isBusy.value}>
            {form.edited === null ? texts.create : texts.save}
          </button>
          <span role="status">{form.edited !== null && form.isSaved.value ? texts.saved : null}</span>
        </div>
      )}
    </form>
  );
};
