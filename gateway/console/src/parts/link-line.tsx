import { useNow } from '../clock.ts';
import { formatAge, formatNumber } from '../format.ts';
import { useLive } from '../hooks.ts';
import type { PlantLink } from '../types.ts';

/** A link to a plant: quiet while it is up, loud with cause and remedy when it is not. */
export function LinkLine({ link }: { link: PlantLink }) {
  const now = useNow();
  const live = useLive();
  const since = formatAge(now - Date.parse(link.since));
  if (live.state === 'lost')
    return (
      <p class="facts">
        <span aria-hidden="true">○</span> {link.name}: unknown while the hub cannot be reached
      </p>
    );
  if (link.state === 'ONLINE')
    return (
      <p class="facts">
        <span aria-hidden="true">●</span> {link.name} online for {since} · {link.mappedSignals} signals ·{' '}
        {link.protocol} <span class="address">{link.endpoint}</span> · {formatNumber(link.samplesReceived)}{' '}
        samples received
      </p>
    );
  return (
    <div class="problems" role="alert">
      <p>
        <b>
          {link.name}: {link.state.toLowerCase()} for {since}.
        </b>{' '}
        {link.reason} Values shown are the last that arrived.
      </p>
      <p>
        What to do: check the network and the server <span class="address">{link.endpoint}</span>. Who
        decides: the integrator. The hub keeps trying.
      </p>
    </div>
  );
}
