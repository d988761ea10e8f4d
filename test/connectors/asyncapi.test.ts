import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asyncApiText, messagesText } from '#deploy/docs/messages.ts';

const docs = join(import.meta.dirname, '../../docs');
const again = 'is not what the contracts say: run npm run docs';

test('docs/asyncapi.json and docs/messages.md are what the contracts say', () => {
  assert.equal(readFileSync(join(docs, 'asyncapi.json'), 'utf8'), asyncApiText(), `asyncapi.json ${again}`);
  const messages = readFileSync(join(docs, 'messages.md'), 'utf8');
  assert.equal(messages, messagesText(messages), `messages.md ${again}`);
});

test('every reference of the AsyncAPI document leads somewhere', () => {
  const document = JSON.parse(asyncApiText()) as Record<string, unknown>;
  const references = [...asyncApiText().matchAll(/"\$ref": "#\/([^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(references.length > 100);
  for (const reference of references) {
    const target = reference
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
    assert.ok(target, reference);
  }
});
