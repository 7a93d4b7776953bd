/** Who asks: the address behind so many proxies as are trusted. The only home of proxy-addr. */
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import proxyAddr from 'proxy-addr';

/** `hops`: how many proxies in front of the server are ours. What they add to X-Forwarded-For is believed, and no more. */
export function clientAddress(hops: number): (request: IncomingMessage) => string {
  if (hops === 0) return (request) => plain(request.socket.remoteAddress);
  return (request) => plain(proxyAddr(request, (_, distance) => distance < hops));
}

/** Taking an address apart is dear, and the same ones come again and again. */
const known = new LRUCache<string, string>({ max: 10_000 });

const NEARBY: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'linkLocal'];

/** Whether a request comes through a proxy on this machine or in our own network, as a container is; nobody far away can seem so. */
export function isForwardedNearby({ headers, socket }: IncomingMessage): boolean {
  if (headers['x-forwarded-for'] === undefined || !socket.remoteAddress) return false;
  return NEARBY.includes(ipaddr.process(socket.remoteAddress).range());
}

/** Some proxies tell the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:([\d.]+)|\[([^\]]+)\])(?::\d+)?$/;

/** Without a port, and without IPv4 in IPv6's clothes; what is no address, as a proxy may write `unknown`, is all one client. */
function plain(address: string | undefined): string {
  const written = address ?? '';
  const before = known.get(written);
  if (before !== undefined) return before;
  const [, v4, v6] = WITH_PORT.exec(written) ?? [];
  const bare = v4 ?? v6 ?? written;
  const read = ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : '0.0.0.0';
  if (written.length < 100) known.set(written, read);
  return read;
}
