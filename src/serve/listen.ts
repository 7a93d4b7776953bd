/** Opening and closing the door: errors in words at the start, no answer cut off at the end. */
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Listens, and gives the port. Port 0 takes any free one. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(explained(error, host, port));
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_, port) =>
    `port ${port} is already in use; stop the program that uses it, or set another port`,
  EACCES: (_, port) => `port ${port} needs more rights than this process has; set one above 1023`,
  EADDRNOTAVAIL: (host) =>
    `${host} is not an address of this machine; set another host, like 127.0.0.1 or 0.0.0.0`,
  ENOTFOUND: (host) => `there is no host ${host}; set another, like 127.0.0.1 or 0.0.0.0`,
};

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reason = REASONS[error.code ?? '']?.(host, port) ?? error.message;
  return new Error(`Cannot listen on ${host}: ${reason}`, { cause: error });
}

/** An address to open in a browser. */
export function urlOf(host: string, port: number): string {
  const reachable =
    host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}/`;
}

/** How often connections that became idle are looked for while closing, in milliseconds. */
const SWEEP = 50;

/**
 * A function that stops accepting, lets running answers finish, and destroys what is left after `deadlineMs`. To be
 * called before the server listens, since it keeps account of the connections.
 */
export function closer(server: Server): (deadlineMs: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return (deadlineMs) =>
    new Promise((resolve) => {
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
      const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
      server.close(() => {
        clearInterval(sweep);
        clearTimeout(deadline);
        resolve();
      });
      // Browsers open connections ahead of need; Node takes one that has sent nothing for busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    });
}
