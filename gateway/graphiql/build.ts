import { fileURLToPath } from 'node:url';
import type { Logger } from '#kernel/log.ts';
import { loadBundle, type Bundle } from '../bundle.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The files of the GraphiQL page, built at first use and when the page or a package in it changes. */
export function loadGraphiqlBundle(log: Logger): Promise<Bundle> {
  const packages = [
    'graphiql',
    '@graphiql/react',
    '@graphiql/toolkit',
    'graphql',
    'graphql-ws',
    'react',
    'react-dom',
  ];
  return loadBundle({ entry: path('page/main.js'), folder: path('page'), packages, dist: path('dist') }, log);
}
