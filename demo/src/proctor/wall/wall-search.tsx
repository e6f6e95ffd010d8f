import type { ExamWatch } from '../watch/exam-watch.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { seatFilters } from '../watch/seat-order.ts';

const texts = proctorTexts.wall;

export const WallSearch = ({ watch }: { watch: ExamWatch }) => (
  <div class="wall-search">
    <div class="field">
      <label for="wall-search">{texts.search}</label>
      <input
        id="wall-search"
        type="search"
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
          <span>{texts.filters[filter]}</span>
        </label>
      ))}
    </fieldset>
    <p class="soft small" role="status">
      {texts.count(watch.ordered.value.length, watch.seats.value.length)}
    </p>
  </div>
);
