import { observationTypes } from '@invigil/protocol/rules';
import type { Accommodation, ObservationType } from '@invigil/protocol/rules';
import { useId } from 'preact/hooks';
import { observationName } from '../words/observation-words.ts';
import { pageLocale } from '../page/language.ts';
import { setupTexts } from './setup-texts.ts';

const texts = setupTexts.accommodations;
const factors = [1.5, 2, 3, 5, 10];
const usual = '1';
const off = 'off';

/** What the select of a rule shows: "off", or the factor on its duration. */
const choiceOf = (accommodation: Accommodation, type: ObservationType): string =>
  accommodation.off.includes(type) ? off : String(accommodation.longer[type] ?? usual);

const withChoice = (accommodation: Accommodation, type: ObservationType, choice: string): Accommodation => {
  const { [type]: _earlier, ...longer } = accommodation.longer;
  return {
    ...accommodation,
    off: [...accommodation.off.filter((other) => other !== type), ...(choice === off ? [type] : [])],
    longer: choice === off || choice === usual ? longer : { ...longer, [type]: Number(choice) },
  };
};

const textOf = (choice: string): string => {
  if (choice === off) return texts.off;
  return choice === usual ? texts.usual : texts.longer(Number(choice).toLocaleString(pageLocale));
};

interface RuleChoiceProps {
  accommodation: Accommodation;
  type: ObservationType;
  change: (accommodation: Accommodation) => void;
}

const RuleChoice = ({ accommodation, type, change }: RuleChoiceProps) => {
  const choice = choiceOf(accommodation, type);
  // One that another client set may have any factor.
  const choices = [...new Set([usual, ...factors.map(String), off, choice])];
  return (
    <label>
      {observationName(type)}
      <select
        value={choice}
        onChange={({ currentTarget: { value } }) => change(withChoice(accommodation, type, value))}
      >
        {choices.map((each) => (
          <option key={each} value={each}>
            {textOf(each)}
          </option>
        ))}
      </select>
    </label>
  );
};

interface AccommodationFieldsProps {
  accommodation: Accommodation;
  change: (accommodation: Accommodation) => void;
  drop: () => void;
}

/** Name of an accommodation, and what becomes of each rule. */
export const AccommodationFields = ({ accommodation, change, drop }: AccommodationFieldsProps) => {
  const id = useId();
  return (
    <fieldset class="accommodation">
      <legend class="visually-hidden">{accommodation.name}</legend>
      <div class="field">
        <label for={id}>{texts.name}</label>
        <span class="hint" id={`${id}-hint`}>
          {texts.nameHint}
        </span>
        <input
          id={id}
          type="text"
          required
          maxLength={100}
          autocomplete="off"
          aria-describedby={`${id}-hint`}
          value={accommodation.name}
          onInput={({ currentTarget: { value } }) => change({ ...accommodation, name: value })}
        />
      </div>
      <div class="rule-choices" role="group" aria-label={texts.rules}>
        {observationTypes.map((type) => (
          <RuleChoice key={type} accommodation={accommodation} type={type} change={change} />
        ))}
      </div>
      <button class="button quiet small" type="button" onClick={drop}>
        {texts.drop}
      </button>
    </fieldset>
  );
};
