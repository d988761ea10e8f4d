import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configurationPage, errorsPage } from '#deploy/docs/pages.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('docs/errors.md is what the table of error codes says', () =>
  assert.equal(read('errors.md'), errorsPage(), 'run npm run docs'));

test('docs/configuration.md is what the hub asks its environment for', () =>
  assert.equal(read('configuration.md'), configurationPage(), 'run npm run docs'));
