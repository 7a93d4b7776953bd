/** What tests of the server share: raw requests, and stores that hold what a run would leave. */
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { hashOf } from '../src/publish/feed.ts';
import { CATALOGUE, catalogueBytes } from '../src/store/catalogue.ts';
import type { Catalogue, CatalogueFeed } from '../src/store/catalogue.ts';
import type { Store } from '../src/store/store.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One request on a connection of its own. */
export function ask(
  server: { port: number },
  path: string,
  headers: OutgoingHttpHeaders = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, headers, method, agent: false } as const;
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

/** Sends the bytes as they are, which http.request would tidy, and gives all that comes back. */
export function askRaw(server: { port: number }, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** Stores the files and then the catalogue of them, as a run does. */
export async function publishFiles(
  store: Store,
  files: Record<string, string>,
  more: { redirects?: Record<string, string>; feeds?: Record<string, Partial<CatalogueFeed>> } = {},
): Promise<void> {
  const catalogue: Catalogue = { version: 1, feeds: [], files: {}, redirects: more.redirects ?? {} };
  for (const [name, body] of Object.entries(files)) {
    await store.put(name, Buffer.from(body));
    const { modified } = (await store.get(name))!;
    catalogue.files[name] = { hash: hashOf(Buffer.from(body)), modified };
  }
  const folders = new Set(Object.keys(files).map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  catalogue.feeds = [...folders].map((folder) => ({
    folder,
    title: folder,
    entries: 2,
    ...more.feeds?.[folder],
  }));
  const records = new Map(Object.entries(catalogue.files));
  await store.put(CATALOGUE, catalogueBytes({ ...catalogue, files: records }));
}
