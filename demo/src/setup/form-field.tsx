import type { ComponentChildren } from 'preact';
import type { DraftField, ExamDraft } from './exam-draft.ts';
import type { ExamFormState } from './exam-form-state.ts';
import { setupTexts } from './setup-texts.ts';

type FieldsOf<Value> = { [Name in DraftField]: ExamDraft[Name] extends Value ? Name : never }[DraftField];
type TextName = FieldsOf<string>;
type FlagName = Exclude<FieldsOf<boolean>, TextName>;

const idOf = (name: DraftField): string => `setup-${name}`;

/** Ids of the texts that describe a field, for `aria-describedby`. */
const describedBy = (form: ExamFormState, name: DraftField): string =>
  form.wrongField.value === name ? `${idOf(name)}-hint ${idOf(name)}-problem` : `${idOf(name)}-hint`;

/** Attributes that every control of a field has. */
const controlOf = (form: ExamFormState, name: DraftField) => ({
  id: idOf(name),
  disabled: form.isFixed(name),
  'aria-describedby': describedBy(form, name),
  'aria-invalid': form.wrongField.value === name,
});

const Hint = ({ name }: { name: DraftField }) => (
  <span class="hint" id={`${idOf(name)}-hint`}>
    {setupTexts.fields[name].hint}
  </span>
);

/** What the server says about the field. */
const FieldProblem = ({ form, name }: { form: ExamFormState; name: DraftField }) =>
  form.wrongField.value === name ? (
    <span class="field-problem" role="alert" id={`${idOf(name)}-problem`}>
      {form.problem.value?.detail}
    </span>
  ) : null;

const Field = ({ form, name, children }: { form: ExamFormState; name: DraftField; children: ComponentChildren }) => (
  <div class="field">
    <label for={idOf(name)}>{setupTexts.fields[name].name}</label>
    <Hint name={name} />
    {children}
    <FieldProblem form={form} name={name} />
  </div>
);

interface TextFieldProps {
  form: ExamFormState;
  name: TextName;
  type: 'text' | 'number' | 'url' | 'datetime-local';
  required?: boolean;
  /** Of numbers. */
  min?: number;
  max?: number;
  maxLength?: number;
}

export const TextField = ({ form, name, ...limits }: TextFieldProps) => (
  <Field form={form} name={name}>
    <input
      {...controlOf(form, name)}
      // The types of JSX have one set of attributes for each type of input.
      {...(limits as { type: 'text' })}
      autocomplete="off"
      value={form.draft.value[name]}
      onInput={({ currentTarget: { value } }) => form.set(name, value as ExamDraft[typeof name])}
    />
  </Field>
);

interface SelectFieldProps {
  form: ExamFormState;
  name: TextName;
  options: readonly (readonly [value: string, text: string])[];
}

export const SelectField = ({ form, name, options }: SelectFieldProps) => (
  <Field form={form} name={name}>
    <select
      {...controlOf(form, name)}
      value={form.draft.value[name]}
      onChange={({ currentTarget: { value } }) => form.set(name, value as ExamDraft[typeof name])}
    >
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </Field>
);

interface CheckFieldProps {
  form: ExamFormState;
  name: FlagName;
}

export const CheckField = ({ form, name }: CheckFieldProps) => (
  <div class="field check-field">
    <input
      {...controlOf(form, name)}
      type="checkbox"
      checked={form.draft.value[name]}
      onChange={({ currentTarget: { checked } }) => form.set(name, checked)}
    />
    <label for={idOf(name)}>{setupTexts.fields[name].name}</label>
    <Hint name={name} />
    <FieldProblem form={form} name={name} />
  </div>
);
