import { useSignal } from '@preact/signals';
import { exportData, sendRequest } from '../api/student-api.ts';
import type { StudentPlace } from '../api/student-api.ts';
import { ConfirmDialog } from '../page/confirm-dialog.tsx';
import { examTexts } from './exam-texts.ts';

const texts = examTexts.ownData;

const save = (file: Blob, name: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
};

/** A copy of the student's data in this exam, and a request to delete it. */
export const OwnData = ({ place }: { place: StudentPlace }) => {
  const said = useSignal('');
  const isAsking = useSignal(false);
  const isBusy = useSignal(false);
  const run = async (work: () => Promise<string>): Promise<void> => {
    isBusy.value = true;
    said.value = await work();
    isBusy.value = false;
  };
  const download = async (): Promise<string> => {
    const answer = await exportData(place);
    if (!answer.ok) return texts.notDownloaded;
    save(answer.value, `${place.examId}.json`);
    return texts.downloaded;
  };
  const askToDelete = async (): Promise<string> =>
    (await sendRequest(place, 'erasure', null)).ok ? texts.asked : texts.notAsked;
  return (
    <section class="card" aria-labelledby="own-data">
      <h2 id="own-data">{texts.title}</h2>
      <p>{texts.text}</p>
      <div class="buttons">
        <button
          class="button quiet"
          type="button"
          data-testid="export"
          disabled={isBusy.value}
          onClick={() => void run(download)}
        >
          {texts.download}
        </button>
        <button
          class="button quiet"
          type="button"
          data-testid="ask-erasure"
          disabled={isBusy.value}
          onClick={() => (isAsking.value = true)}
        >
          {texts.ask}
        </button>
      </div>
      <p role="status">{said.value}</p>
      {isAsking.value ? (
        <ConfirmDialog
          question={texts.sure}
          yes={texts.yes}
          no={texts.no}
          answered={(isYes) => {
            isAsking.value = false;
            if (isYes) void run(askToDelete);
          }}
        />
      ) : null}
    </section>
  );
};
