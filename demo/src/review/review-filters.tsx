import { useSignal } from '@preact/signals';
import { observationTypes } from '@invigil/protocol/rules';
import type { ReportPage } from '../api/report-api.ts';
import { observationName } from '../words/observation-words.ts';
import type { ReviewFilter, ReviewList } from './review-list.ts';
import { reviewTexts as texts } from './review-texts.ts';

const statuses = ['open', 'second', 'reviewed', 'contested', 'disagreed'] as const;
const sorts = ['priority', 'coverage', 'observations', 'ended_at', 'student'] as const;

/** The filter without a field, or with another value for it. */
const withField = <Key extends keyof ReviewFilter>(
  filter: ReviewFilter,
  key: Key,
  value: ReviewFilter[Key] | undefined,
): ReviewFilter => {
  const { [key]: _old, ...others } = filter;
  return value === undefined ? others : { ...others, [key]: value };
};

const StatusFilter = ({ list, counts }: { list: ReviewList; counts: ReportPage['counts'] }) => {
  const filter = list.filter.value;
  const shown = statuses.filter((status) => counts[status] > 0 || status === 'open' || status === 'reviewed');
  return (
    <div class="chips" role="group" aria-label={texts.statuses.label}>
      {[undefined, ...shown].map((status) => (
        <button
          key={status ?? 'all'}
          type="button"
          class="chip"
          aria-pressed={filter.status === status}
          onClick={() => void list.load(withField(filter, 'status', status))}
        >
          {texts.statuses[status ?? 'all']}{' '}
          <span class="number" translate={false}>
            {counts[status ?? 'all']}
          </span>
        </button>
      ))}
    </div>
  );
};

/** Status with counts, order, type of observation, and part of a name. */
export const ReviewFilters = ({ list, counts }: { list: ReviewList; counts: ReportPage['counts'] }) => {
  const filter = list.filter.value;
  /** As typed: the filter's text is trimmed, and would take away the space between two names. */
  const student = useSignal(filter.student ?? '');
  return (
    <div class="review-filters no-print">
      <StatusFilter list={list} counts={counts} />
      <label>
        {texts.sort}
        <select
          value={filter.sort}
          onChange={({ currentTarget: { value } }) =>
            void list.load(
              withField(
                filter,
                'sort',
                sorts.find((sort) => sort === value),
              ),
            )
          }
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {texts.sorts[sort]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.type}
        <select
          value={filter.type ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void list.load(
              withField(
                filter,
                'type',
                observationTypes.find((type) => type === value),
              ),
            )
          }
        >
          <option value="">{texts.anyType}</option>
          {observationTypes.map((type) => (
            <option key={type} value={type}>
              {observationName(type)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.student}
        <input
          type="search"
          value={student.value}
          onInput={({ currentTarget: { value } }) => {
            student.value = value;
            const text = value.trim();
            void list.load(withField(filter, 'student', text === '' ? undefined : text));
          }}
        />
      </label>
    </div>
  );
};
