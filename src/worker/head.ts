/** Asks servers how long a file is: the only place from which the network is asked for anything but feeds. */
import type { MediaRecord } from '../ledger/ledger.ts';

const PATIENCE = 15_000;

/** By HEAD (RFC 9110 section 9.3.2), redirects followed. Rejects with a reason in words. */
export async function askLength(url: string): Promise<MediaRecord> {
  const answer = await fetch(url, {
    method: 'HEAD',
    // Of a compressed answer the length would be another.
    headers: { 'Accept-Encoding': 'identity', 'User-Agent': 'Feedwright' },
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((error: Error) => {
    const { cause } = error as { cause?: Error };
    throw new Error(cause?.message ?? error.message);
  });
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const written = answer.headers.get('Content-Length') ?? '';
  if (!/^\d{1,15}$/.test(written)) throw new Error('the server does not say how long it is');
  const type = answer.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  const isType = type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type);
  return { length: Number(written), ...(isType && { type }) };
}
