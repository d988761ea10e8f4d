import { writeFileSync } from 'node:fs';
import { writeMessagePages } from './messages.ts';
import { configurationPage, errorsPage } from './pages.ts';

const docs = new URL('../../docs/', import.meta.url);
writeFileSync(new URL('errors.md', docs), errorsPage());
writeFileSync(new URL('configuration.md', docs), configurationPage());
writeMessagePages();
