import { untranslated } from './untranslated.ts';

interface NumberListProps {
  class: string;
  rows: readonly (readonly [name: string, value: string])[];
}

/** Names and values that change several times a second. */
export const NumberList = ({ class: className, rows }: NumberListProps) => (
  <dl class={className}>
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number" {...untranslated(value)}>
          {/* A browser's translator takes text nodes out of the page; a new element still shows the new value. */}
          <span key={value}>{value}</span>
        </dd>
      </div>
    ))}
  </dl>
);
