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

/** What the system's errors mean, for those that people run into. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'what should be a folder on the way to it is a file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was cut off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up at present',
  ETIMEDOUT: 'nobody answers there',
};

/** Why something could not be read, in words; undefined for errors that speak for themselves. */
export function meaningOf(error: unknown): string | undefined {
  const { code, cause, name } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return 'it takes too long to answer';
  return MEANINGS[cause?.code ?? code ?? ''];
}

/** Wrong use of a command or a setting: everything that is wrong, one sentence each. Ends with 2. */
export class UsageError extends Error {
  readonly sentences: string[];

  constructor(sentences: string[]) {
    super(sentences.join('\n'));
    this.sentences = sentences;
  }
}
