import { isIP } from 'node:net';
import type { BlockList } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { IncomingMessage } from 'node:http';
import { addressKey, plainAddress } from './address-key.ts';

type Request = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } };

interface NamedClient {
  address: string;
  /** The address is a proxy's, which does not reveal its client's. */
  isHidden: boolean;
}

/** A longer chain of proxies than any real one. */
const maxHops = 20;

const splitList = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value.join(',') : (value ?? '')).split(',').map((part) => part.trim());

/** `203.0.113.7:4711` and `[2001:db8::1]:4711` without port and brackets. */
const withoutPort = (node: string): string =>
  /^\[([^\]]*)\](?::\d+)?$/.exec(node)?.[1] ?? /^([\d.]+):\d+$/.exec(node)?.[1] ?? node;

/** The `for` parameter of one element of a `Forwarded` header (RFC 7239). */
const forOf = (element: string): string => {
  const value = /(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;"\s]*))/i.exec(element);
  return value?.[1] ?? value?.[2] ?? '';
};

/**
 * Finds a client's address behind the proxies that the operator trusts. A header is only read if a trusted proxy sent the request, and from
 * right to left, because everything to the left of the last untrusted address may be forged by the client.
 */
export class ClientAddresses {
  readonly #trusted: BlockList;
  /** All clients behind a proxy share its address, which is checked several times for each request. */
  readonly #known = new LRUCache<string, boolean>({ max: 1000 });

  constructor(trusted: BlockList) {
    this.#trusted = trusted;
  }

  isTrusted(address: string): boolean {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const version = isIP(address);
    const isTrusted = version !== 0 && this.#trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
    this.#known.set(address, isTrusted);
    return isTrusted;
  }

  /** The client's address; the nearest proxy's if the headers are missing or contradictory; empty for a closed socket. */
  of({ socket, headers }: Request): string {
    const { peer, named } = this.#read({ socket, headers });
    return named.length === 1 ? named[0]!.address : peer;
  }

  /**
   * The key for limits per address. Null for a trusted proxy that does not name its client: its own requests, or a client that it hides on
   * purpose. Any client can make the headers contradict each other, so such requests share one key per proxy instead of having no limit.
   */
  limitKey(request: Request): string | null {
    const { peer, named } = this.#read(request);
    if (!this.isTrusted(peer)) return addressKey(peer);
    if (named.length > 1) return `contradictory ${peer}`;
    const [client] = named;
    return client === undefined || client.isHidden ? null : addressKey(client.address);
  }

  /** The different clients that the headers name: none, one, or two if they contradict each other. */
  #read({ socket, headers }: Request): { peer: string; named: NamedClient[] } {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!this.isTrusted(peer)) return { peer, named: [{ address: peer, isHidden: false }] };
    // A proxy that writes one of the headers forwards the other one as the client sent it.
    const lists = [splitList(headers['x-forwarded-for']), splitList(headers.forwarded).map(forOf)];
    const named = lists
      .filter((list) => list.some((entry) => entry !== ''))
      .map((list) => this.#lastUntrusted(list, peer));
    const [one, other] = named;
    return { peer, named: one?.address === other?.address ? named.slice(0, 1) : named };
  }

  /** The host that the client asked for: a proxy may have replaced the `Host` header. */
  hostOf({ socket, headers }: Request): string | undefined {
    const forwarded = splitList(headers['x-forwarded-host']).at(-1);
    const isFromProxy = this.isTrusted(plainAddress(socket.remoteAddress ?? ''));
    return isFromProxy && forwarded !== undefined && forwarded !== '' ? forwarded : headers.host;
  }

  #lastUntrusted(list: readonly string[], peer: string): NamedClient {
    let known = peer;
    for (const entry of list.slice(-maxHops).toReversed()) {
      const address = plainAddress(withoutPort(entry));
      // An unknown or hidden address: the proxy that wrote it is the last one known.
      if (isIP(address) === 0) return { address: known, isHidden: true };
      known = address;
      if (!this.isTrusted(address)) break;
    }
    return { address: known, isHidden: false };
  }
}
