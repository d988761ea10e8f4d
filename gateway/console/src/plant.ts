import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { request, type ApiError } from './api.ts';
import { useOnReturn, useQuery, useSubscription } from './hooks.ts';
import { assetsQuery, healthChanges, linkChanges, structureQuery, workflowChanges } from './operations.ts';
import type { HealthState, HealthView, OverviewAsset, Place, PlantLink } from './types.ts';

/** Most urgent first. */
export const urgency: readonly HealthState[] = ['CRITICAL', 'WARNING', 'WATCH', 'UNKNOWN', 'NORMAL'];

/** States that ask for attention. */
export const abnormal: readonly HealthState[] = ['CRITICAL', 'WARNING', 'WATCH'];

/** More pages than this are not loaded: a plant of that size is looked at by place. */
const mostPages = 50;

interface AssetsPage {
  readonly twins: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly OverviewAsset[];
  };
}

/** The plant as the overview shows it. */
export interface Plant {
  readonly places: readonly Place[];
  readonly assets: readonly OverviewAsset[];
  readonly links: readonly PlantLink[];
  readonly errors: readonly ApiError[];
  readonly loading: boolean;
  healthOf(asset: OverviewAsset): HealthState;
  judgementOf(asset: OverviewAsset): HealthView | null;
}

/** The plant's structure, its assets page by page, and what changes of their health and work. */
export function usePlant(): Plant {
  const structure = useQuery<{ twins: { nodes: readonly Place[] }; plantLinks: readonly PlantLink[] }>(
    structureQuery,
  );
  const assets = useAssets();
  const [health, setHealth] = useState<Readonly<Record<string, HealthView>>>({});
  const [links, setLinks] = useState<readonly PlantLink[]>([]);
  useEffect(() => setLinks(structure.data?.plantLinks ?? []), [structure.data]);
  // What was read anew is newer than what was heard.
  useEffect(() => setHealth({}), [assets.assets]);
  useSubscription<{ healthChanged: HealthView & { twin: { id: string } } }>(
    healthChanges,
    {},
    ({ healthChanged }) => setHealth((before) => ({ ...before, [healthChanged.twin.id]: healthChanged })),
  );
  useSubscription<{ plantLinkChanged: PlantLink }>(linkChanges, {}, ({ plantLinkChanged }) =>
    setLinks((before) => [...before.filter((link) => link.name !== plantLinkChanged.name), plantLinkChanged]),
  );
  useSubscription(workflowChanges, {}, assets.reload);
  const judgementOf = (asset: OverviewAsset) => health[asset.id] ?? asset.health;
  return {
    places: structure.data?.twins.nodes ?? [],
    assets: assets.assets,
    links,
    errors: [...structure.errors, ...assets.errors],
    loading: structure.loading || assets.loading,
    judgementOf,
    healthOf: (asset) => judgementOf(asset)?.state ?? 'UNKNOWN',
  };
}

/** All assets, page after page; a reload replaces them at once when it is complete. */
function useAssets() {
  const [assets, setAssets] = useState<readonly OverviewAsset[]>([]);
  const [errors, setErrors] = useState<readonly ApiError[]>([]);
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const shown = useRef(false);
  useEffect(() => {
    const abort = new AbortController();
    // Steps of workflows come in bursts.
    const timer = setTimeout(
      () =>
        void loadAll(abort.signal, (some) => !shown.current && setAssets(some)).then(
          (all) => {
            shown.current = true;
            setAssets(all.assets);
            setErrors(all.errors);
            setLoading(false);
          },
          () => {
            if (abort.signal.aborted) return;
            setErrors([{ message: 'The assets cannot be read now. This page goes on by itself.' }]);
            setLoading(false);
          },
        ),
      round ? 500 : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  useOnReturn(reload);
  return { assets, errors, loading, reload };
}

async function loadAll(signal: AbortSignal, onPage: (some: readonly OverviewAsset[]) => void) {
  let assets: readonly OverviewAsset[] = [];
  const errors: ApiError[] = [];
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const answer: { data: AssetsPage; errors: readonly ApiError[] } = await request<AssetsPage>(
      assetsQuery,
      { after },
      signal,
    );
    assets = [...assets, ...answer.data.twins.nodes];
    errors.push(...answer.errors);
    onPage(assets);
    const { hasNextPage, endCursor } = answer.data.twins.pageInfo;
    if (!hasNextPage || !endCursor) break;
    after = endCursor;
  }
  return { assets, errors };
}

/** The places from the site down to the one with this id. */
export function pathOf(places: ReadonlyMap<string, Place>, id: string | undefined): readonly Place[] {
  const path: Place[] = [];
  for (
    let place = places.get(id ?? '');
    place && path.length < 10;
    place = places.get(place.parent?.id ?? '')
  )
    path.unshift(place);
  return path;
}
