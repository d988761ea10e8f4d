import { errorTable } from '#kernel/errors.ts';
import { listSettings } from '../config.ts';

/** docs/errors.md, written from the table in kernel/errors.ts. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, row]) => `| \`${code}\` | ${row.meaning} | ${row.advice} | ${row.retryable ? 'yes' : 'no'} |`,
  );
  return `# Error codes

Every error carries \`code\`, \`advice\` and, where it helps, \`details\` in its GraphQL \`extensions\`; expected failures of
mutations come as \`errors\` in their payload with the same codes. This page is written from \`kernel/errors.ts\`
(\`npm run docs\`).

| code | meaning | what to do | can a retry help |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** docs/configuration.md, written from what the hub asks its environment for. */
export function configurationPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = listSettings().map(
    ({ name, allowed, default: fallback }) =>
      `| \`${name}\` | ${cell(allowed)} | ${fallback ? `\`${fallback}\`` : ''} |`,
  );
  return `# Configuration

Environment variables, read once at the start. All faults are reported together, unknown names that start with \`TWINHUB_\` are
faults too. Any of them may come from a file: \`NAME_FILE\`. This page is written from the code (\`npm run docs\`).

| name | allowed | default |
|---|---|---|
${rows.join('\n')}
`;
}
