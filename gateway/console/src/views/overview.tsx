import { useMemo, useState } from 'preact/hooks';
import { useTitle } from '../hooks.ts';
import { mostSignals, useLiveValues } from '../live-values.ts';
import { Alerts } from '../parts/alerts.tsx';
import { AssetGroup } from '../parts/asset-group.tsx';
import { HealthBadge } from '../parts/badges.tsx';
import { LinkLine } from '../parts/link-line.tsx';
import { Problems } from '../parts/problems.tsx';
import { keySignals } from '../parts/tile.tsx';
import { abnormal, pathOf, urgency, usePlant } from '../plant.ts';
import { href } from '../router.ts';
import type { HealthState, OverviewAsset, Place } from '../types.ts';

/** Groups of more assets than this start closed, and so do all of a large plant. */
const openUpTo = 60;
const largePlant = 150;

/** The plant at a glance: what is abnormal first, then areas with their assets and live key values. */
export function Overview({ scope }: { scope: string | undefined }) {
  const plant = usePlant();
  const { healthOf } = plant;
  const [text, setText] = useState('');
  const [states, setStates] = useState<readonly HealthState[]>([]);
  const [opened, setOpened] = useState<Readonly<Record<string, boolean>>>({});
  const places = useMemo(() => new Map(plant.places.map((place) => [place.id, place])), [plant.places]);
  const here = plant.places.find((place) => place.twinId === scope);
  useTitle(here?.name ?? 'Plant');
  const within = useMemo(
    () =>
      here
        ? plant.assets.filter((asset) =>
            pathOf(places, asset.parent?.id).some((place) => place.id === here.id),
          )
        : plant.assets,
    [plant.assets, places, here],
  );
  const wanted = within.filter(
    (asset) =>
      (!states.length || states.includes(healthOf(asset))) &&
      `${asset.twinId} ${asset.name}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const groups = groupsOf(wanted, places, (asset) => urgency.indexOf(healthOf(asset)));
  const narrowed = text.trim() !== '' || states.length > 0;
  const isOpen = (group: Group) =>
    opened[group.key] ?? (narrowed || (group.assets.length <= openUpTo && within.length <= largePlant));
  const ids = groups
    .filter(isOpen)
    .flatMap((group) => group.assets.flatMap(keySignals))
    .map((signal) => signal.id);
  const { live, errors } = useLiveValues(ids, 500);
  if (plant.loading && !plant.assets.length) return <p class="loading">Loading the plant…</p>;
  return (
    <>
      <div class="heading">
        <div>
          {here && <PlacePath path={pathOf(places, here.parent?.id)} />}
          <h1>{here?.name ?? sitesOf(plant.places)}</h1>
        </div>
        <Filters assets={within} healthOf={healthOf} states={states} setStates={setStates} />
        <input
          class="filter"
          type="search"
          aria-label="Show assets with this in id or name"
          placeholder="Filter by id or name"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Problems errors={[...plant.errors, ...errors]} />
      {plant.links.map((link) => (
        <LinkLine key={link.name} link={link} />
      ))}
      {scope && !here && <p class="empty">There is no place {scope} in the plant. All of it is shown.</p>}
      <Alerts
        assets={within.filter((asset) => abnormal.includes(healthOf(asset)) || asset.workflows.length > 0)}
        plant={plant}
      />
      {ids.length > mostSignals && (
        <p class="facts">
          The first {mostSignals} of {ids.length} values shown are live; close groups to follow others.
        </p>
      )}
      {!wanted.length && (
        <p class="empty">{within.length ? 'No asset fits the filter.' : 'No assets here yet.'}</p>
      )}
      {groups.map((group) => (
        <AssetGroup
          key={group.key}
          path={group.path}
          assets={group.assets}
          places={places}
          plant={plant}
          live={live}
          open={isOpen(group)}
          toggle={(open) => setOpened((before) => ({ ...before, [group.key]: open }))}
        />
      ))}
    </>
  );
}

interface Group {
  readonly key: string;
  readonly path: readonly Place[];
  readonly assets: readonly OverviewAsset[];
}

/** Assets by area (or by the place above them where there is none), most urgent first. */
function groupsOf(
  assets: readonly OverviewAsset[],
  places: ReadonlyMap<string, Place>,
  rank: (asset: OverviewAsset) => number,
): readonly Group[] {
  const groups = new Map<string, { path: readonly Place[]; assets: OverviewAsset[] }>();
  for (const asset of assets) {
    const path = pathOf(places, asset.parent?.id);
    const area = path.findIndex((place) => place.kind === 'AREA');
    const own = area >= 0 ? path.slice(0, area + 1) : path;
    const key = own.at(-1)?.twinId ?? '';
    const group = groups.get(key) ?? { path: own, assets: [] };
    group.assets.push(asset);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({
    key,
    path: group.path,
    // The sort is stable: within one rank the order is the plant's.
    assets: group.assets.sort((a, b) => rank(a) - rank(b)),
  }));
}

function sitesOf(places: readonly Place[]): string {
  return (
    places
      .filter((place) => place.kind === 'SITE')
      .map((place) => place.name)
      .join(', ') || 'Plant'
  );
}

function PlacePath({ path }: { path: readonly Place[] }) {
  return (
    <nav class="path" aria-label="Place in the plant">
      <a href={href('plant')}>All</a>
      {path.map((place) => (
        <span key={place.id}>
          {' › '}
          <a href={href('plant', place.twinId)}>{place.name}</a>
        </span>
      ))}
    </nav>
  );
}

function Filters(props: {
  assets: readonly OverviewAsset[];
  healthOf: (asset: OverviewAsset) => HealthState;
  states: readonly HealthState[];
  setStates: (states: readonly HealthState[]) => void;
}) {
  const { states, setStates } = props;
  const found = props.assets.map(props.healthOf);
  return (
    <div class="filters" role="group" aria-label="Show by health">
      {urgency
        .filter((state) => found.includes(state) || states.includes(state))
        .map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={states.includes(state)}
            onClick={() =>
              setStates(states.includes(state) ? states.filter((one) => one !== state) : [...states, state])
            }
          >
            <b>{found.filter((one) => one === state).length}</b> <HealthBadge state={state} />
          </button>
        ))}
    </div>
  );
}
