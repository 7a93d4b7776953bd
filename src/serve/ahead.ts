/** Clients that send requests without waiting for answers (RFC 9112 section 9.3.2): allowed, but not without end. */
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Answers that may wait on one connection for those before them. Each takes memory, and a megabyte of requests makes many. */
const WAITING_AT_MOST = 100;

/** Closes connections on which too much is asked for ahead. */
export function notTooFarAhead(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>();
  return (request, response) => {
    // An answer has no socket until it is its turn: mostly at once.
    if (response.socket === null) {
      const { socket } = request;
      // What came in one piece is told to the end, whatever is done about it.
      if (socket.destroyed) return;
      const before = waiting.get(socket) ?? 0;
      if (before >= WAITING_AT_MOST) return void socket.destroy();
      waiting.set(socket, before + 1);
      response.once('finish', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    }
    listener(request, response);
  };
}
