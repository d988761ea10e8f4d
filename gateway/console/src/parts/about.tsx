import type { ComponentChildren } from 'preact';
import { formatName, formatProperty, formatUnit } from '../format.ts';
import { href } from '../router.ts';
import type { AssetView } from '../types.ts';

type Property = AssetView['properties'][number];

/** What the twin is: model, properties by document, relationships, parts. */
export function About({ asset }: { asset: AssetView }) {
  return (
    <details class="about">
      <summary>
        <h2>About this twin</h2>
      </summary>
      {asset.model && (
        <p class="facts">
          Model {asset.model.displayName} <code>{asset.model.modelId}</code> ({asset.model.standard}{' '}
          {asset.model.standardVersion})
        </p>
      )}
      {[...groupsOf(asset.properties)].map(([group, properties]) => (
        <section key={group}>
          <h3>{group ? formatName(group) : 'Properties'}</h3>
          <dl class="pairs">
            {properties.map((property) => (
              <Pair key={property.name} name={labelOf(property)}>
                {formatProperty(property.value)} {formatUnit(property.unit)}
              </Pair>
            ))}
          </dl>
        </section>
      ))}
      <h3>Relationships</h3>
      <dl class="pairs">
        {asset.relationships.map((one) => (
          <Pair key={`${one.name}${one.target.twinId}`} name={formatName(one.name)}>
            <a href={href('asset', one.target.twinId)}>{one.target.name}</a>
          </Pair>
        ))}
        {asset.incoming.map((one) => (
          <Pair key={`${one.name}${one.source.twinId}`} name={`${formatName(one.name)} (from)`}>
            {one.source.name}
          </Pair>
        ))}
      </dl>
    </details>
  );
}

function Pair(props: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** Properties of an AAS submodel are named `Submodel.Collection.Name`. */
function groupsOf(properties: readonly Property[]): ReadonlyMap<string, readonly Property[]> {
  const groups = new Map<string, Property[]>();
  for (const property of properties) {
    const dot = property.name.indexOf('.');
    const group = dot < 0 ? '' : property.name.slice(0, dot);
    groups.set(group, [...(groups.get(group) ?? []), property]);
  }
  return groups;
}

function labelOf({ name, displayName }: Property): string {
  const limit = /\.(min|max)$/.exec(name)?.[1];
  const label = displayName === name ? formatName(name.split('.').at(-1) ?? name) : displayName;
  return limit ? `${label}, ${limit}` : label;
}
