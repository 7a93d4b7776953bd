/** Log lines: JSON, or readable on a terminal. The only home of pino. */
import { pino } from 'pino';
import pretty from 'pino-pretty';

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes to standard error, so that standard output stays what a command answers. */
export function createLog(): Log {
  const stream = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname', colorize: !process.env['NO_COLOR'] })
    : pino.destination({ dest: 2, sync: true });
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
