import { useId } from 'preact/hooks';
import { useModal } from './use-modal.ts';

interface ConfirmDialogProps {
  question: string;
  yes: string;
  no: string;
  answered: (isYes: boolean) => void;
}

/** Asks for confirmation. "No" comes first, has the focus, and is what Escape selects. */
export const ConfirmDialog = ({ question, yes, no, answered }: ConfirmDialogProps) => {
  const dialog = useModal();
  const id = useId();
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        answered(false);
      }}
    >
      <p id={id}>{question}</p>
      <div class="buttons">
        <button class="button quiet" type="button" autofocus onClick={() => answered(false)}>
          {no}
        </button>
        <button class="button" type="button" data-testid="confirm-yes" onClick={() => answered(true)}>
          {yes}
        </button>
      </div>
    </dialog>
  );
};
