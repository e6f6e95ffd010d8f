import type { Signal } from '@preact/signals';
import type { Answer } from '../api/answer.ts';
import { reportTexts } from './report-texts.ts';

const texts = reportTexts.saving;

export type Saving = { state: 'idle' | 'busy' | 'saved' } | { state: 'failed'; text: string };

/** Sends a request and shows its status. */
export const save = async (saving: Signal<Saving>, send: () => Promise<Answer<unknown>>): Promise<boolean> => {
  saving.value = { state: 'busy' };
  const answer = await send();
  saving.value = answer.ok
    ? { state: 'saved' }
    : { state: 'failed', text: answer.detail ?? texts.failed[answer.problem] };
  return answer.ok;
};

export const SavingLine = ({ saving }: { saving: Saving }) => (
  <span class="small" role={saving.state === 'failed' ? 'alert' : 'status'}>
    {saving.state === 'failed' ? saving.text : saving.state === 'idle' ? '' : texts[saving.state]}
  </span>
);
