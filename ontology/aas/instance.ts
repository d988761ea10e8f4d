/** An instance of a metamodel class in its JSON form, before anything is known of its members. */
export type Instance = Record<string, unknown>;

export function isInstance(value: unknown): value is Instance {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a member, also one with a name that objects know, such as `__proto__`. */
export function put(instance: Instance, name: string, value: unknown): void {
  if (name !== '__proto__') instance[name] = value;
  else Object.defineProperty(instance, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A member of the instance itself; names such as `constructor` do not reach what objects inherit. */
export function memberOf(instance: Instance, name: string): unknown {
  return Object.hasOwn(instance, name) ? instance[name] : undefined;
}

/** The instances in a list member; empty when there is none. */
export function listOf(instance: Instance, name: string): readonly Instance[] {
  const value = memberOf(instance, name);
  return Array.isArray(value) ? value.filter(isInstance) : [];
}

export function textOf(instance: Instance, name: string): string | undefined {
  const value = memberOf(instance, name);
  return typeof value === 'string' ? value : undefined;
}

export function instanceOf(instance: Instance, name: string): Instance | undefined {
  const value = memberOf(instance, name);
  return isInstance(value) ? value : undefined;
}

const positions = new WeakMap<object, number>();

/**
 * The items of a list that could be read. An item behind one that could not remembers where it stood, so that findings
 * name its place in the document.
 */
export function readItems<T>(sources: readonly T[], read: (source: T, i: number) => unknown): unknown[] {
  const items: unknown[] = [];
  for (const [i, source] of sources.entries()) {
    const item = read(source, i);
    if (item === undefined) continue;
    if (items.length < i && typeof item === 'object' && item !== null) positions.set(item, i);
    items.push(item);
  }
  return items;
}

/** Where an item stands in its document. @param i - where it stands in what was read. */
export function positionOf(item: unknown, i: number): number {
  return (typeof item === 'object' && item !== null ? positions.get(item) : undefined) ?? i;
}
