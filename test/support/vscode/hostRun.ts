/** What it takes to run a suite inside an extension host, whichever VS Code that host belongs to. */
export interface HostRun {
  /** The extension under development: the repository. */
  readonly extensionPath: string;
  /** A module that exports `run(): Promise<void>`. */
  readonly testsPath: string;
  readonly workspace: string;
  /** A private folder for user data; removed by the caller. */
  readonly scratch: string;
  readonly killAfterMs: number;
  /** Added to the environment of the extension host. */
  readonly env: Readonly<Record<string, string>>;
}
