import { useSignal } from '@preact/signals';
import { reviewMany } from '../api/report-api.ts';
import { reviewTexts } from './review-texts.ts';

const texts = reviewTexts.bulk;

type Bulk =
  | { state: 'idle' | 'busy' }
  | { state: 'counted'; matching: number }
  | { state: 'recorded'; recorded: number; failed: number }
  | { state: 'failed'; text: string };

interface BulkDecisionProps {
  examId: string;
  /** Called after decisions were recorded. */
  recorded: () => void;
}

/** "No follow-up needed" for every report within the reviewer's limits: first counted, then recorded. */
export const BulkDecision = ({ examId, recorded }: BulkDecisionProps) => {
  const maxRisk = useSignal(5);
  const minCoverage = useSignal(80);
  const bulk = useSignal<Bulk>({ state: 'idle' });
  const now = bulk.value;
  const send = async (expected?: number): Promise<void> => {
    const busy: Bulk = { state: 'busy' };
    bulk.value = busy;
    const limits = { max_risk: maxRisk.value, min_coverage: minCoverage.value / 100 };
    const answer = await reviewMany(examId, expected === undefined ? limits : { ...limits, expected });
    // The limits were changed meanwhile, and this is the number for the earlier ones.
    if (expected === undefined && bulk.peek() !== busy) return;
    if (!answer.ok) bulk.value = { state: 'failed', text: answer.detail ?? answer.problem };
    else if (expected === undefined) bulk.value = { state: 'counted', matching: answer.value.matching };
    else {
      bulk.value = { state: 'recorded', recorded: answer.value.recorded, failed: answer.value.failed };
      recorded();
    }
  };
  const field = (label: string, value: typeof maxRisk) => (
    <label class="field">
      {label}
      <input
        type="number"
        min={0}
        max={100}
        required
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.valueAsNumber;
          bulk.value = { state: 'idle' };
        }}
      />
    </label>
  );
  return (
    <details class="card bulk no-print" data-testid="bulk">
      <summary>{texts.title}</summary>
      <p class="soft">{texts.text}</p>
      <form
        class="bulk-fields"
        onSubmit={(event) => {
          event.preventDefault();
          void send(now.state === 'counted' ? now.matching : undefined);
        }}
      >
        {field(texts.maxRisk, maxRisk)}
        {field(texts.minCoverage, minCoverage)}
        <button class="button" disabled={now.state === 'busy' || (now.state === 'counted' && now.matching === 0)}>
          {now.state === 'counted' ? texts.record(String(now.matching)) : texts.count}
        </button>
      </form>
      <p role={now.state === 'failed' ? 'alert' : 'status'}>
        {now.state === 'counted' ? texts.found(String(now.matching)) : null}
        {now.state === 'recorded' ? texts.recorded(String(now.recorded)) : null}
        {now.state === 'recorded' && now.failed > 0 ? ` ${texts.failed(String(now.failed))}` : null}
        {now.state === 'failed' ? now.text : null}
      </p>
    </details>
  );
};
