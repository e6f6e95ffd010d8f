import type { Signal } from '@preact/signals';

interface RecipientsFieldProps {
  legend: string;
  all: string;
  shown: string;
  /** Whether only the students shown on the wall are meant. */
  isShownOnly: Signal<boolean>;
}

/** All students, or those that filter and search leave on the wall. */
export const RecipientsField = ({ legend, all, shown, isShownOnly }: RecipientsFieldProps) => (
  <fieldset class="choices">
    <legend>{legend}</legend>
    {[
      { text: all, value: false },
      { text: shown, value: true },
    ].map(({ text, value }) => (
      <label key={String(value)}>
        <input
          type="radio"
          name={`recipients-${legend}`}
          checked={isShownOnly.value === value}
          onChange={() => (isShownOnly.value = value)}
        />
        {text}
      </label>
    ))}
  </fieldset>
);
