/** Who asks: the address behind so many proxies as are trusted. The only home of proxy-addr. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** `hops`: how many proxies in front of the server are ours. What they add to X-Forwarded-For is believed, and no more. */
export function clientAddress(hops: number): (request: IncomingMessage) => string {
  return (request) => plain(proxyAddr(request, (_, distance) => distance < hops));
}

/** Without IPv4 in IPv6's clothes; what is no address, as a proxy may write `unknown`, is all one client. */
function plain(address: string | undefined): string {
  const written = address ?? '';
  return ipaddr.isValid(written) ? ipaddr.process(written).toString() : '0.0.0.0';
}
