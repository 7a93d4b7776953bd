/** The process as commands see it: they get and give everything through this. */

/** What a command ends with: 0 well, 1 findings, 2 wrong use, 3 could not publish. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Edge {
  env: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  folder: string;
  print: (text: string) => void;
  complain: (text: string) => void;
  /** Whether a person reads it, and wants colours. */
  colours: boolean;
  /** Shows a person how far a command is, in one line that the next takes the place of; in a pipe nothing. '' takes it away. */
  progress: (line: string) => void;
  /** Resolves when the process is asked to end. */
  ended: Promise<void>;
  /** Calls back whenever the process is asked to look again (SIGHUP). */
  onReload: (callback: () => void) => void;
}

/** Wrong use of a command or a setting: everything that is wrong, one sentence each. Ends with 2. */
export class UsageError extends Error {
  readonly sentences: string[];

  constructor(sentences: string[]) {
    super(sentences.join('\n'));
    this.sentences = sentences;
  }
}
