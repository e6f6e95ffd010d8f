import { useSignal } from '@preact/signals';

interface CopyLinkProps {
  address: string;
  texts: { copy: string; copied: string; notCopied: (address: string) => string };
}

/** Copies an address to the clipboard and confirms it; if that fails, shows the address for copying by hand. */
export const CopyLink = ({ address, texts }: CopyLinkProps) => {
  const isCopied = useSignal<boolean | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      isCopied.value = true;
    } catch {
      // No permission, or an insecure page.
      isCopied.value = false;
    }
  };
  return (
    <p class="copy-link">
      <button type="button" class="button quiet small" onClick={() => void copy()}>
        {texts.copy}
      </button>{' '}
      <span role="status" class="small">
        {isCopied.value === null ? null : isCopied.value ? texts.copied : texts.notCopied(address)}
      </span>
    </p>
  );
};
