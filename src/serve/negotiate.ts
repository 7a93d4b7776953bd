/** Which encoding a client gets (RFC 9110 section 12.5.3). */
import Negotiator from 'negotiator';
import type { Encoding } from './headers.ts';

/** The best first: where a client wants two equally, it gets the smaller body. */
const PREFERRED: readonly Encoding[] = ['br', 'gzip', 'identity'];

/** Without the header, encodings could be sent too; but who does not say that it reads them mostly does not. */
const IDENTITY: readonly Encoding[] = ['identity'];

/** Who says `gzip, *`, as some clients do, reads gzip and no brotli: that is for who names it, and for who accepts nothing else. */
const NAMES_BR = /(?:^|[\s,])br(?:$|[\s,;])/i;
const brotliLast = (a: Encoding, b: Encoding): number => Number(a === 'br') - Number(b === 'br');

type Negotiation = { encodings(available: readonly string[], options: object): Encoding[] };

/** Clients say the same things again and again. */
const known = new Map<string, readonly Encoding[]>();
const KNOWN_AT_MOST = 500;

/** The encodings that an Accept-Encoding header accepts, the best for the client first. */
export function acceptedEncodings(header: string | undefined): readonly Encoding[] {
  if (header === undefined) return IDENTITY;
  const before = known.get(header);
  if (before) return before;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header } });
  // The package's types do not know the option yet; without it a client's `gzip, br` would get gzip.
  const all = (negotiator as Negotiation).encodings(PREFERRED, { preferred: PREFERRED });
  const accepted = NAMES_BR.test(header) ? all : [...all].sort(brotliLast);
  if (known.size >= KNOWN_AT_MOST) known.clear();
  if (header.length < 200) known.set(header, accepted);
  return accepted;
}
