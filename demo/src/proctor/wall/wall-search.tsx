import { useRef } from 'preact/hooks';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { chooseDensity, wallDensity } from './wall-density.ts';
import { densities } from './wall-grid.ts';
import { countByFilter, seatFilters } from '../watch/seat-order.ts';

const texts = proctorTexts.wall;

/** Read aloud when the search or the filter changes; students who come and go meanwhile change only the text that is shown. */
const Count = ({ watch }: { watch: ExamWatch }) => {
  const text = texts.count(watch.ordered.value.length, watch.seats.value.length);
  const asked = `${watch.filter.value} ${watch.search.value}`;
  const spoken = useRef({ asked, text });
  if (spoken.current.asked !== asked) spoken.current = { asked, text };
  return (
    <p class="soft small">
      {text}
      <span class="visually-hidden" role="status">
        {spoken.current.text}
      </span>
    </p>
  );
};

export const WallSearch = ({ watch }: { watch: ExamWatch }) => {
  const counts = countByFilter(watch.seats.value, watch.alerts.bySession.value, watch.unseen.value);
  return (
    <div class="wall-search">
      <div class="field">
        <label for="wall-search" class="visually-hidden">
          {texts.search}
        </label>
        <input
          id="wall-search"
          type="search"
          placeholder={texts.search}
          autocomplete="off"
          spellcheck={false}
          value={watch.search.value}
          onInput={(event) => (watch.search.value = event.currentTarget.value)}
        />
      </div>
      <fieldset class="filters">
        <legend class="visually-hidden">{texts.filter}</legend>
        {seatFilters.map((filter) => (
          <label key={filter}>
            <input
              type="radio"
              name="filter"
              checked={watch.filter.value === filter}
              onChange={() => (watch.filter.value = filter)}
            />
            <span>{texts.filters[filter]}</span>{' '}
            <span class="number soft" translate={false}>
              {counts[filter]}
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="filters">
        <legend class="visually-hidden">{texts.density}</legend>
        {densities.map((density) => (
          <label key={density}>
            <input
              type="radio"
              name="density"
              checked={wallDensity.value === density}
              onChange={() => chooseDensity(density)}
            />
            <span>{texts.densities[density]}</span>
          </label>
        ))}
      </fieldset>
      <Count watch={watch} />
    </div>
  );
};
