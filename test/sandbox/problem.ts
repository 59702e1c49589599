import type { ErrorRequestHandler, Response } from 'express';

/** An answer that is no success, as problem details (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** Last part of the problem's type. */
  readonly code: string;
  readonly title: string;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** `detail`: one sentence for the admin. `extra`: further members of the document. */
  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: { extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.title = title;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** Sends text as the whole answer, without express's own work for it (no ETag, no negotiation). */
export function send(response: Response, status: number, body: string, type = 'application/json'): void {
  response.statusCode = status;
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.setHeader('Cache-Control', 'no-store');
  response.end(body);
}

/** Sends a value as JSON. */
export function sendJson(response: Response, status: number, value: unknown): void {
  send(response, status, JSON.stringify(value));
}

/** Sends a problem. */
export function sendProblem(response: Response, problem: Problem): void {
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  const document = {
    type: `urn:offboarding:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    ...problem.extra,
  };
  send(response, problem.status, JSON.stringify(document), 'application/problem+json');
}

/** The last middleware: whatever was thrown becomes a problem; what nobody expected is a 500 and goes to stderr. */
export const problems: ErrorRequestHandler = (error, request, response, _next) => {
  if (response.headersSent) {
    if (!response.writableEnded) request.socket.destroy();
    return;
  }
  if (error instanceof Problem) {
    sendProblem(response, error);
    return;
  }
  // body-parser's errors carry the status that they stand for.
  const status = typeof error?.status === 'number' && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  const title = status === 500 ? 'Internal error' : 'Request not understood';
  sendProblem(
    response,
    new Problem(status, status === 500 ? 'internal' : 'bad-request', title, String(error?.message)),
  );
};
