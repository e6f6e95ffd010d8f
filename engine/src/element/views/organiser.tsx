import type { ViewProps } from './view-props.ts';

/** Addresses come from the exam's policy; a page must not follow `javascript:` and the like. */
const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url);

const Contact = ({ contact }: { contact: string }) => {
  if (isWebAddress(contact)) return <a href={contact}>{contact}</a>;
  return /^[^\s@]+@[^\s@]+$/.test(contact) ? <a href={`mailto:${contact}`}>{contact}</a> : <>{contact}</>;
};

/** Who organises the exam, how to reach them, and their privacy notice. */
export const Organiser = ({ notice, texts: { organiser: texts } }: ViewProps) => {
  const organiser = notice?.organiser ?? null;
  if (organiser === null) return null;
  const { name, contact, privacy_url: privacy } = organiser;
  return (
    <div data-testid="organiser">
      <dt>{texts.name}</dt>
      <dd>
        <span translate={false}>{name}</span>
        {contact === null ? null : (
          <>
            {', '}
            <Contact contact={contact} />
          </>
        )}
        {privacy !== null && isWebAddress(privacy) ? (
          <>
            {'. '}
            <a href={privacy} target="_blank" rel="noopener noreferrer">
              {texts.privacy}
            </a>
          </>
        ) : null}
      </dd>
    </div>
  );
};
