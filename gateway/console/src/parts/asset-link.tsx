import { href } from '../router.ts';
import type { HealthState } from '../types.ts';
import { HealthBadge } from './badges.tsx';

/** A twin as other views name it; `null` while the store of the twins is away. */
export type NamedTwin = {
  readonly twinId: string;
  readonly name: string;
  readonly health?: { readonly state: HealthState } | null;
} | null;

/** `P-101 Cooling water pump`, also where the twin cannot be read now. */
export function twinText(twin: NamedTwin): string {
  return twin ? `${twin.twinId} ${twin.name}` : 'Asset cannot be read now';
}

/** The way to an asset, with its health. */
export function AssetLink({ twin }: { twin: NamedTwin }) {
  if (!twin) return <span class="empty">{twinText(twin)}</span>;
  return (
    <>
      <a href={href('asset', twin.twinId)}>{twinText(twin)}</a>{' '}
      {twin.health && <HealthBadge state={twin.health.state} />}
    </>
  );
}
