import { useState } from 'preact/hooks';
import type { LiveValues } from '../live-values.ts';
import { pathOf, urgency, type Plant } from '../plant.ts';
import { href } from '../router.ts';
import type { OverviewAsset, Place } from '../types.ts';
import { HealthBadge } from './badges.tsx';
import { Tile } from './tile.tsx';

/** Tiles drawn at once; a button shows the others. */
const atOnce = 60;

/** An area with its assets; closed it shows how many there are of each health. */
export function AssetGroup(props: {
  path: readonly Place[];
  assets: readonly OverviewAsset[];
  places: ReadonlyMap<string, Place>;
  plant: Plant;
  live: LiveValues;
  open: boolean;
  toggle: (open: boolean) => void;
}) {
  const { path, assets, places, plant, live, open } = props;
  const [limit, setLimit] = useState(atOnce);
  const place = path.at(-1);
  const states = assets.map((asset) => plant.healthOf(asset));
  return (
    <details
      class="group"
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open !== open) props.toggle(event.currentTarget.open);
      }}
    >
      <summary>
        <h2>{place?.name ?? 'Without a place'}</h2>
        <small>
          {assets.length} {assets.length === 1 ? 'asset' : 'assets'}
        </small>{' '}
        {urgency
          .filter((state) => state !== 'NORMAL' && states.includes(state))
          .map((state) => (
            <span key={state}>
              {states.filter((one) => one === state).length} <HealthBadge state={state} />
            </span>
          ))}
      </summary>
      {open && (
        <div class="tiles">
          {assets.slice(0, limit).map((asset) => (
            <Tile
              key={asset.id}
              asset={asset}
              health={plant.judgementOf(asset)}
              live={live}
              place={pathOf(places, asset.parent?.id).slice(path.length)}
            />
          ))}
        </div>
      )}
      {open && assets.length > limit && (
        <button type="button" onClick={() => setLimit(limit + 4 * atOnce)}>
          Show more: {assets.length - limit} are left
        </button>
      )}
      {open && place && path.length > 1 && (
        <p class="facts">
          <a href={href('plant', place.twinId)}>Only {place.name}</a>
        </p>
      )}
    </details>
  );
}
