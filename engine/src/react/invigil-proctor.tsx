/** @jsxImportSource react */
import { forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import type { DetailedHTMLProps, ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from 'react';
import '../element.ts';
import type { TokenSource } from '../connection/token-source.ts';
import type { SessionTicket } from '../element/session/session-ticket.ts';
import type { InvigilProctorEvents } from '../element/element-events.ts';
import type { ElementOptions, InvigilProctor as InvigilProctorElement } from '../element/invigil-proctor.ts';
import type { ExamNotice, NoticeSource } from '../element/notice/exam-notice.ts';
import type { OwnTexts } from '../element/texts/element-texts.ts';
import { eventsByHandler } from './events-by-handler.ts';
import type { EventHandlers } from './events-by-handler.ts';

/** Attributes of `<invigil-proctor>` in JSX, for pages that use the element without the wrapper. */
export type InvigilProctorAttributes = DetailedHTMLProps<
  HTMLAttributes<InvigilProctorElement>,
  InvigilProctorElement
> & {
  'server-url'?: string;
  'session-id'?: string;
  token?: string;
  'models-url'?: string;
  pictures?: 'never';
  autostart?: boolean;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'invigil-proctor': InvigilProctorAttributes;
    }
  }
}

export type InvigilProctorHandlers = EventHandlers<InvigilProctorEvents>;

export interface InvigilProctorProps
  extends
    Omit<HTMLAttributes<InvigilProctorElement>, 'children' | keyof InvigilProctorHandlers>,
    InvigilProctorHandlers {
  /** Origin of the proctoring server. Default: the page's origin. */
  serverUrl?: string;
  /** From `POST /api/v1/session/start`. Not needed with `session`. */
  sessionId?: string;
  /** The session's token, or a function that fetches one. A new value is used at the next connection attempt. */
  token?: TokenSource | null;
  /**
   * Called once the student has agreed, instead of `sessionId`. After a reload in a tab that left a session running, it
   * is called at once, to find out whether that session continues; it should then return the running session. The
   * latest function is used.
   */
  session?: () => Promise<SessionTicket>;
  /** Where the weights are. Default: `serverUrl` + `/models/`. */
  modelsUrl?: string;
  /** `never`: no thumbnail leaves the device, whatever the exam's policy allows. */
  pictures?: 'never';
  /** Starts without the element's consent dialog. Only for pages that ask for consent themselves. Read when the component mounts. */
  autostart?: boolean;
  /** Every other option of `createProctor`. Read when a session starts. */
  options?: ElementOptions;
  /** Replaces some of the element's texts. */
  texts?: OwnTexts;
  /** The exam's notice, or a function that fetches it; the consent states it, and the panel shows the exam's time. */
  notice?: NoticeSource;
  /** Sends a request for help to a proctor; if given, the panel offers it. */
  help?: (text: string) => Promise<void>;
}

type Props = InvigilProctorProps & Record<string, unknown>;

/** React warns about layout effects during server rendering, where there is nothing to lay out. */
const useEffectBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** What React renders: attributes only, so that the server's HTML and the browser's agree. */
const attributesOf = ({ serverUrl, sessionId, modelsUrl, pictures, ...props }: Props): Record<string, unknown> => {
  const {
    token: _token,
    session: _session,
    autostart: _autostart,
    options: _options,
    texts: _texts,
    ...others
  } = props;
  const { notice: _notice, help: _help, ...rest } = others;
  for (const handler of Object.keys(eventsByHandler)) delete rest[handler];
  return { ...rest, 'server-url': serverUrl, 'session-id': sessionId, 'models-url': modelsUrl, pictures };
};

/**
 * `<invigil-proctor>` as a React component: consent, preparation, panel and end of one student's session. The ref is the element.
 * Unmounting the component closes the camera and delivers pending readings. Works with server rendering and in strict mode.
 *
 * @example
 * <InvigilProctor
 *   serverUrl="https://proctor.example.edu"
 *   session={() => fetch('/session', { method: 'POST' }).then((response) => response.json())}
 *   onStage={({ stage }) => setRunning(stage === 'running')}
 * />
 */
export const InvigilProctor: ForwardRefExoticComponent<InvigilProctorProps & RefAttributes<InvigilProctorElement>> =
  forwardRef<InvigilProctorElement, InvigilProctorProps>((props, ref) => {
    const element = useRef<InvigilProctorElement>(null);
    const newest = useRef(props);
    const { token = null, session, options, texts, notice = null, help = null, autostart = false } = props;
    useImperativeHandle(ref, () => element.current as InvigilProctorElement, []);

    useEffectBeforePaint(() => {
      newest.current = props;
    });

    const hasSession = session !== undefined;
    useEffectBeforePaint(() => {
      if (element.current === null) return;
      element.current.session = hasSession ? () => (newest.current.session as () => Promise<SessionTicket>)() : null;
    }, [hasSession]);
    useEffectBeforePaint(() => {
      if (element.current !== null) element.current.token = token;
    }, [token]);
    useEffectBeforePaint(() => {
      if (element.current !== null) element.current.options = options ?? {};
    }, [options]);
    useEffectBeforePaint(() => {
      if (element.current !== null) element.current.texts = texts ?? {};
    }, [texts]);

    // A parent may write its functions inline, so that each render has other ones.
    const readsNotice = typeof notice === 'function';
    const givenNotice = readsNotice ? null : notice;
    useEffectBeforePaint(() => {
      if (element.current === null) return;
      element.current.notice = readsNotice ? () => (newest.current.notice as () => Promise<ExamNotice>)() : givenNotice;
    }, [readsNotice, givenNotice]);
    const hasHelp = help !== null;
    useEffectBeforePaint(() => {
      if (element.current === null) return;
      element.current.help = hasHelp ? (text) => (newest.current.help as (text: string) => Promise<void>)(text) : null;
    }, [hasHelp]);

    useEffectBeforePaint(() => {
      const { current } = element;
      if (current === null) return;
      const listeners = new AbortController();
      for (const [handler, event] of Object.entries(eventsByHandler)) {
        const hear = ({ detail }: Event & { detail?: unknown }): void =>
          (newest.current as Record<string, ((detail: unknown) => void) | undefined>)[handler]?.(detail);
        current.addEventListener(event, hear, { signal: listeners.signal });
      }
      return () => listeners.abort();
    }, []);

    // After the properties above: the attribute would start the element before React has set them.
    useEffect(() => {
      if (autostart && element.current?.stage.stage === 'consent') void element.current.start();
    }, [autostart]);

    return <invigil-proctor {...attributesOf(props as Props)} ref={element} />;
  });
InvigilProctor.displayName = 'InvigilProctor';
