/** What `serve.js` compares with, in a process of its own: `node serve-peers.js bare ANSWERS` or `node serve-peers.js express FOLDER`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import express from 'express';

const [kind, place] = process.argv.slice(2);

/** The same bytes with the same headers to whatever is asked, one answer on each port. */
function bare() {
  return JSON.parse(readFileSync(place, 'utf8')).map(({ status, headers, body }) => {
    const bytes = Buffer.from(body, 'base64');
    return createServer((_, response) => {
      if (status === 304) response.writeHead(304, headers).end();
      else response.writeHead(status, headers).end(bytes);
    });
  });
}

/** Express' own ways to send a file. */
function peer() {
  const body = readFileSync(`${place}/feed.xml`);
  const packed = readFileSync(`${place}/feed.xml.gz`);
  const app = express().disable('x-powered-by');
  app.use('/static', express.static(place, { maxAge: 300_000 }));
  app.get('/send/feed.xml', (_, response) => {
    response.set('Cache-Control', 'public, max-age=300').type('application/rss+xml').send(body);
  });
  app.get('/send/feed.xml.gz', (_, response) => {
    response.set({ 'Cache-Control': 'public, max-age=300', 'Content-Encoding': 'gzip' });
    response.type('application/rss+xml').send(packed);
  });
  return [createServer(app)];
}

const servers = kind === 'bare' ? bare() : peer();
await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))));
console.log(JSON.stringify(servers.map((server) => server.address().port)));
