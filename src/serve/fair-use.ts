/** How many whole answers a client gets of a feed: plenty, but not without end. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

export interface FairUseOptions {
  /** Whole answers of one feed that a client gets at once; as many come again in each hour. */
  answers: number;
  /** Addresses, or nets like 10.0.0.0/8, that are never limited. */
  except: readonly string[];
  clientOf: (request: IncomingMessage) => string;
  /** Whether it cannot be known who asks, so that many may be taken for one. */
  isMany?: (request: IncomingMessage) => boolean;
}

/** Asks for a whole answer: 0 if it is given, else after how many seconds it would be. */
export type FairUse = (request: IncomingMessage, name: string, now: number) => number;

interface Account {
  /** Answers left: a fraction grows with time. */
  left: number;
  at: number;
  /** How often in a row it was refused: never three times, since readers then give the feed up. */
  refused: number;
}

const HOUR = 3_600_000;
/** Who is forgotten when more clients than that ask begins anew. */
const CLIENTS = 50_000;
const REFUSALS_IN_A_ROW = 2;

/** `now` of the calls is in milliseconds. */
export function fairUse({ answers, except, clientOf, isMany }: FairUseOptions): FairUse {
  const accounts = new LRUCache<string, Account>({ max: CLIENTS, ttl: HOUR });
  const free = new BlockList();
  for (const each of [...LOOPBACK, ...except]) addTo(free, each);
  /** What each client counts as; '' for those that are never limited. */
  const networks = new LRUCache<string, string>({ max: 10_000 });
  const networkAt = (client: string): string => {
    const known = networks.get(client);
    if (known !== undefined) return known;
    const isFree = free.check(client, isIPv6(client) ? 'ipv6' : 'ipv4');
    const network = isFree ? '' : networkOf(client);
    networks.set(client, network);
    return network;
  };
  return (request, name, now) => {
    if (isMany?.(request)) return 0;
    const network = networkAt(clientOf(request));
    if (network === '') return 0;
    const key = `${network} ${name}`;
    const account = accounts.get(key) ?? { left: answers, at: now, refused: 0 };
    account.left = Math.min(answers, account.left + ((now - account.at) * answers) / HOUR);
    account.at = now;
    accounts.set(key, account);
    if (account.left >= 1) {
      account.left -= 1;
      account.refused = 0;
      return 0;
    }
    if (account.refused >= REFUSALS_IN_A_ROW) {
      account.refused = 0;
      return 0;
    }
    account.refused += 1;
    return Math.max(1, Math.ceil(((1 - account.left) * HOUR) / answers / 1000));
  };
}

export const UNLIMITED: FairUse = () => 0;

const LOOPBACK = ['127.0.0.0/8', '::1'];

function addTo(list: BlockList, net: string): void {
  const [address = '', bits] = net.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** One household or server: an IPv4 address, or the /64 that it has of IPv6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.parse(address) as ipaddr.IPv6;
  return parsed.parts.slice(0, 4).join(':');
}
