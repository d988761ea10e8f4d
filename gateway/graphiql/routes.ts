import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from '#kernel/log.ts';
import type { HttpRoute } from '../http-route.ts';
import type { Bundle } from '../bundle.ts';
import { loadGraphiqlBundle } from './build.ts';

const compress = promisify(gzip);

interface PageFiles extends Bundle {
  readonly compressed: { readonly script: Buffer; readonly style: Buffer };
}

/** GraphiQL at `/graphiql`, from our own files: nothing is loaded from elsewhere, and the policy forbids it. */
export function createGraphiqlRoutes(log: Logger): readonly HttpRoute[] {
  let files: Promise<PageFiles> | undefined;
  const load = () => {
    files ??= loadFiles(log);
    // The next request tries again.
    files.catch(() => (files = undefined));
    return files;
  };
  const route = (
    path: string,
    handle: (req: IncomingMessage, res: ServerResponse, files: PageFiles) => void,
  ): HttpRoute => ({
    method: 'GET',
    path,
    public: false,
    handle: async (req, res) => handle(req, res, await load()),
  });
  return [
    route('/graphiql', (req, res, { version }) => sendPage(req, res, version)),
    route('/graphiql/client.js', (req, res, page) =>
      sendFile(req, res, 'text/javascript', page.script, page.compressed.script),
    ),
    route('/graphiql/client.css', (req, res, page) =>
      sendFile(req, res, 'text/css', page.style, page.compressed.style),
    ),
  ];
}

async function loadFiles(log: Logger): Promise<PageFiles> {
  const bundle = await loadGraphiqlBundle(log);
  const [script, style] = await Promise.all([compress(bundle.script), compress(bundle.style)]);
  return { ...bundle, compressed: { script, style } };
}

function sendPage(req: IncomingMessage, res: ServerResponse, version: string): void {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphiQL - Twinhub</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/client.css?v=${version}">
<script type="module" src="/graphiql/client.js?v=${version}"></script>
</head>
<body class="graphiql-page"><div id="graphiql"></div></body>
</html>
`;
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyFor(req),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  res.end(page);
}

/**
 * Scripts and styles come from this hub alone. The dialogs' scroll lock writes a style element of its own, which this
 * forbids: then the page behind a dialog scrolls. Some browsers do not count `ws:` of the same host as 'self', so it
 * is written out.
 */
function policyFor(req: IncomingMessage): string {
  const host = req.headers.host ?? '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function sendFile(
  req: IncomingMessage,
  res: ServerResponse,
  type: string,
  plain: Uint8Array,
  compressed: Buffer,
): void {
  const gzipped = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
  const body = gzipped ? compressed : plain;
  res.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': body.byteLength,
    // The address carries the version; a private cache only, since the page needs a sign-in.
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
  });
  res.end(body);
}
