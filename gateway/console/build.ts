import { createJsonLogger } from '#kernel/log.ts';
import { loadConsoleBundle } from './routes.ts';

/** `npm run console`: builds the console's bundle ahead of the first request, and says how large it is. */
const { script, style, version } = await loadConsoleBundle(createJsonLogger());
const size = (bytes: Uint8Array) => `${(bytes.length / 1024).toFixed(0)} KiB`;
process.stdout.write(`Console ${version}: script ${size(script)}, style ${size(style)}\n`);
