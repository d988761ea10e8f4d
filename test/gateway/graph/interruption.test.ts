import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway, until } from '../support.ts';
import { servePartner, SubgraphFolder } from './support.ts';

interface Told {
  readonly data: unknown;
  readonly extensions: {
    readonly stream: {
      readonly sequence: number;
      readonly notice?: { readonly state: string };
      readonly gap?: unknown;
    };
  };
}

test('readers are told while a partner’s stream is away and when it is back, also who joins meanwhile', async (t) => {
  const partner = await servePartner(t);
  const folder = new SubgraphFolder(t);
  folder.list([{ name: 'energy', url: partner.url, sdl: 'energy.graphql' }]);
  const running = await startGateway(t, { env: { TWINHUB_SUBGRAPHS_FILE: folder.file } });
  const read = () => {
    const told: Told[] = [];
    running
      .wsClient()
      .subscribe(
        { query: 'subscription { metered { id } }' },
        { next: (result) => void told.push(result as unknown as Told), error: () => {}, complete: () => {} },
      );
    return told;
  };
  const first = read();
  await until(() => partner.metered.listenerCount === 1);
  partner.metered.publish({ id: '1', kilowattHours: 1 });
  await until(() => first.length === 1);
  partner.cut();
  await until(() => first.some(({ extensions }) => extensions.stream.notice?.state === 'interrupted'));
  const second = read();
  await until(() => second.length >= 1);
  await until(() => first.some(({ extensions }) => extensions.stream.notice?.state === 'resumed'));
  await until(() => partner.metered.listenerCount === 1);
  partner.metered.publish({ id: '2', kilowattHours: 2 });
  await until(() => [first, second].every((told) => told.at(-1)?.data !== null));
  assert.deepEqual(
    first.map(({ data, extensions: { stream } }) => [
      data,
      stream.sequence,
      stream.notice?.state,
      stream.gap,
    ]),
    [
      [{ metered: { id: '1' } }, 1, undefined, undefined],
      [null, 2, 'interrupted', undefined],
      [null, 3, 'resumed', { from: null, to: null }],
      [{ metered: { id: '2' } }, 4, undefined, undefined],
    ],
  );
  assert.deepEqual(second.at(-1)?.data, { metered: { id: '2' } });
});
