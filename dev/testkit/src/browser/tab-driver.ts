/**
 * The calls that differ between browsers. Elements are named by JavaScript expressions, so that they can be inside of shadow roots;
 * clicks and keys are real input of the browser.
 */
export interface TabDriver {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  back(): Promise<void>;
  /** The value of an expression that JSON can carry; for a promise, its result. */
  evaluate(expression: string): Promise<unknown>;
  click(element: string): Promise<void>;
  type(element: string, text: string): Promise<void>;
  /** Of the page, CSS pixels. */
  resize(widthPx: number, heightPx: number): Promise<void>;
  /** Really hides the page, as another tab or a minimised window does. Rejects where the driver cannot. */
  hide(): Promise<void>;
  /** Ends `hide`. */
  show(): Promise<void>;
  close(): Promise<void>;
}

/** A running browser. */
export interface BrowserDriver {
  readonly version: string;
  openTab(): Promise<TabDriver>;
  close(): Promise<void>;
}
