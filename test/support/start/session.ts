export interface SessionOptions {
  /** Where settings and window state of earlier starts are kept. */
  readonly home: string;
  readonly workspace: string;
  readonly workspaceTrust: boolean;
  readonly port: number;
  readonly portIsGiven: boolean;
  /** A package to install; undefined: built from the sources. */
  readonly vsix: string | undefined;
  readonly print: (line: string) => void;
}

/** An open VS Code. */
export interface Session {
  /** Settles when the person closed it, or when it ended by itself. */
  readonly ended: Promise<void>;
  /** Ends it with everything it started. */
  stop(): Promise<void>;
}
