import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface ActionDialogProps {
  /** The button that opens it. */
  open: string;
  title: string;
  close: string;
  testId: string;
  children: ComponentChildren;
}

const Opened = ({
  title,
  close,
  testId,
  onClose,
  children,
}: Omit<ActionDialogProps, 'open'> & { onClose: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} data-testid={testId} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
      <div class="buttons">
        <button type="button" class="button quiet small" onClick={() => dialog.current?.close()}>
          {close}
        </button>
      </div>
    </dialog>
  );
};

/** A button that opens a dialog. Escape closes it and returns the focus to the button. */
export const ActionDialog = ({ open, children, ...dialog }: ActionDialogProps) => {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="button quiet small" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>
        {open}
      </button>
      {isOpen.value ? (
        <Opened {...dialog} onClose={() => (isOpen.value = false)}>
          {children}
        </Opened>
      ) : null}
    </>
  );
};
