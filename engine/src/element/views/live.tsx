interface LiveProps {
  text: string;
  class?: string;
}

/**
 * Text that changes while it is shown. A browser's translator takes text nodes out of the page, and changing them would then show
 * nothing, so each new text is a new element.
 */
export const Live = ({ text, class: className }: LiveProps) => (
  <span key={text} class={className}>
    {text}
  </span>
);
