/** What a request for a feed's file is answered with: the order of RFC 9110 section 13.2.2. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { isAnother, isSamePart, isUnchanged } from './conditions.ts';
import type { Validated } from './conditions.ts';
import { etagOf } from './headers.ts';
import type { Encoding } from './headers.ts';
import { acceptedEncodings } from './negotiate.ts';
import { partOf } from './ranges.ts';
import type { Part } from './ranges.ts';

export interface Judged extends Validated {
  /** Bytes before encoding. */
  size: number;
  /** Whether to send it so; what it has not can be had all the same, but costs more than it saves. */
  has(encoding: Encoding): boolean;
}

export type Verdict =
  | { status: 200 | 304; encoding: Encoding }
  | { status: 206; encoding: 'identity'; part: Part }
  | { status: 406 | 412 | 416 };

/**
 * For GET and HEAD. What `Accept` says is not asked: some readers prefer text/html by mistake, and each format has its own
 * URL. `no-cache` is no reason for a whole answer either: the validator has just been checked here, at the origin.
 */
export function judge(method: string, headers: IncomingHttpHeaders, file: Judged, now: number): Verdict {
  const accepted = acceptedEncodings(headers['accept-encoding']);
  const encoding = accepted.find((each) => file.has(each)) ?? accepted[0];
  if (!encoding) return { status: 406 };
  if (isAnother(headers, file, now)) return { status: 412 };
  if (isUnchanged(headers, file, now)) return { status: 304, encoding };

  const { range } = headers;
  // Parts are of the bytes as they are; who resumes a compressed download gets it whole (If-Range tells them apart).
  if (range === undefined || method !== 'GET' || !accepted.includes('identity'))
    return { status: 200, encoding };
  if (!isSamePart(headers['if-range'] as string | undefined, etagOf(file.hash, 'identity'), file.modified))
    return { status: 200, encoding };
  const part = partOf(range, file.size);
  if (part === undefined) return { status: 200, encoding };
  return part === 'unsatisfiable' ? { status: 416 } : { status: 206, encoding: 'identity', part };
}
