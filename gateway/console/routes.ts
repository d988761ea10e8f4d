import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from '#kernel/log.ts';
import { loadBundle, type Bundle } from '../bundle.ts';
import type { HttpRoute } from '../http-route.ts';

const compress = promisify(gzip);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Makes or reads the console's bundle. */
export function loadConsoleBundle(log: Logger): Promise<Bundle> {
  return loadBundle(
    {
      entry: here('src/main.tsx'),
      folder: here('src'),
      packages: ['preact', 'uplot', 'graphql-ws'],
      dist: here('dist'),
      jsxImportSource: 'preact',
    },
    log,
  );
}

interface Files extends Bundle {
  readonly zipped: { readonly script: Buffer; readonly style: Buffer };
}

/** The console under `/console`, and the way there from `/`. Everything is from our own files. */
export function createConsoleRoutes(log: Logger): readonly HttpRoute[] {
  let files: Promise<Files> | undefined;
  const load = (): Promise<Files> => {
    files ??= loadFiles(log);
    // The next request tries again.
    files.catch(() => (files = undefined));
    return files;
  };
  const file = (
    path: string,
    type: string,
    pick: (all: Files) => { plain: Uint8Array; zipped: Buffer },
  ): HttpRoute => ({
    method: 'GET',
    path,
    public: false,
    handle: async (req, res) => sendFile(req, res, type, pick(await load())),
  });
  return [
    {
      method: 'GET',
      path: '/',
      public: false,
      handle: (_req, res) => void res.writeHead(302, { location: '/console' }).end(),
    },
    file('/console/page.js', 'text/javascript', (all) => ({ plain: all.script, zipped: all.zipped.script })),
    file('/console/page.css', 'text/css', (all) => ({ plain: all.style, zipped: all.zipped.style })),
    {
      method: 'GET',
      path: '/console/*',
      public: false,
      handle: async (_req, res) => sendPage(res, (await load()).version),
    },
  ];
}

async function loadFiles(log: Logger): Promise<Files> {
  const bundle = await loadConsoleBundle(log);
  const [script, style] = await Promise.all([compress(bundle.script), compress(bundle.style)]);
  return { ...bundle, zipped: { script, style } };
}

function sendPage(res: ServerResponse, version: string): void {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Twinhub</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/console/page.css?v=${version}">
<script type="module" src="/console/page.js?v=${version}"></script>
</head>
<body><div id="app"><p class="loading">Loading…</p></div><noscript>The console needs JavaScript.</noscript></body>
</html>
`;
  res
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .end(page);
}

function sendFile(
  req: IncomingMessage,
  res: ServerResponse,
  type: string,
  { plain, zipped }: { plain: Uint8Array; zipped: Buffer },
): void {
  const zip = /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
  res
    .writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      // The address carries the version, so the file under it never changes; only the signed-in browser may keep it.
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
    })
    .end(zip ? zipped : plain);
}
