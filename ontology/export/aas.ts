/** Puts AAS environments together again: shells and submodels as they came, with the values their twins have now. */
import {
  namesOf,
  type Environment,
  type Shell,
  type Submodel,
  type SubmodelElement,
} from '../aas/environment.ts';
import { isObject } from '../dtdl/instances/check.ts';
import type { Model } from '../model.ts';
import type { TwinInput } from '../twin.ts';
import { attachedShells, type AttachedShell } from '../verify-twin.ts';

/** What an environment is made of. */
export interface ExportedShells {
  /** Twins with shells; others are passed over. */
  readonly twins: readonly Pick<TwinInput, 'id' | 'properties'>[];
  /** Submodels: those of the shells, and any others that are wanted. */
  readonly models: readonly Model[];
}

/**
 * One environment. A value that is what it was is written as it was written; one that has changed since gets its
 * canonical text (XML Schema part 2). Values a twin no longer has are left out. Where several twins share a submodel,
 * the values of the first count.
 */
export function exportEnvironment({ twins, models }: ExportedShells): Environment {
  const attached = twins.flatMap(({ properties }) =>
    attachedShells(properties).map((shell) => ({ shell, properties })),
  );
  const owners = new Map<string, (typeof attached)[number]>();
  for (const one of attached) for (const id of one.shell.submodels) if (!owners.has(id)) owners.set(id, one);
  const aas = models.filter(({ standard, source }) => standard === 'AAS' && isObject(source));
  const submodels = aas.map((model) => {
    const owner = owners.get(model.id);
    return owner
      ? withValues(model.source as Submodel, owner.properties, owner.shell)
      : (model.source as Submodel);
  });
  const shells = attached.flatMap(({ shell }) =>
    isObject(shell.source) ? [shell.source as unknown as Shell] : [shellOf(shell)],
  );
  const concepts = new Map(
    aas.flatMap(({ concepts = [] }) => concepts.map((concept) => [idOf(concept), concept])),
  );
  return {
    ...(shells.length ? { assetAdministrationShells: shells } : {}),
    ...(submodels.length ? { submodels } : {}),
    ...(concepts.size
      ? { conceptDescriptions: [...concepts.values()] as NonNullable<Environment['conceptDescriptions']> }
      : {}),
  };
}

const idOf = (concept: unknown) => (isObject(concept) ? String(concept['id']) : '');

/** A shell that was imported before shells were kept whole. */
function shellOf({ shell, globalAssetId, submodels }: AttachedShell): Shell {
  return {
    modelType: 'AssetAdministrationShell',
    id: shell,
    assetInformation: { assetKind: 'Instance', ...(globalAssetId === null ? {} : { globalAssetId }) },
    submodels: submodels.map((value) => ({ type: 'ModelReference', keys: [{ type: 'Submodel', value }] })),
  };
}

/** A submodel with the values of a twin: the way back from `flatten`. */
function withValues(submodel: Submodel, properties: TwinInput['properties'], shell: AttachedShell): Submodel {
  if (!submodel.submodelElements) return submodel;
  const filler = new Filler(properties, shell.texts ?? {});
  return {
    ...submodel,
    submodelElements: filler.fill(submodel.submodelElements, submodel.idShort ?? 'Submodel'),
  };
}

const containers: Readonly<Record<string, 'value' | 'statements'>> = {
  SubmodelElementCollection: 'value',
  SubmodelElementList: 'value',
  Entity: 'statements',
};

class Filler {
  readonly #properties: TwinInput['properties'];
  readonly #texts: Readonly<Record<string, string>>;

  constructor(properties: TwinInput['properties'], texts: Readonly<Record<string, string>>) {
    this.#properties = properties;
    this.#texts = texts;
  }

  fill(elements: readonly SubmodelElement[], path: string): SubmodelElement[] {
    const names = namesOf(elements);
    return elements.map((element, i) => this.#element(element, `${path}.${names[i]}`));
  }

  #element(element: SubmodelElement, name: string): SubmodelElement {
    const member = Object.hasOwn(containers, element.modelType) ? containers[element.modelType] : undefined;
    const held = member ? element[member] : undefined;
    if (member)
      return Array.isArray(held)
        ? { ...element, [member]: this.fill(held as SubmodelElement[], name) }
        : element;
    switch (element.modelType) {
      case 'Property':
        return { ...element, ...this.#text('value', name) };
      case 'Range':
        return { ...element, ...this.#text('min', `${name}.min`), ...this.#text('max', `${name}.max`) };
      case 'MultiLanguageProperty':
        return { ...element, ...this.#languages(name) };
      case 'File':
      case 'ReferenceElement': {
        const value = this.#value(name);
        return value === undefined ? element : { ...element, value };
      }
      default:
        return element;
    }
  }

  #value(name: string): unknown {
    return Object.hasOwn(this.#properties, name) ? this.#properties[name] : undefined;
  }

  #text(member: string, name: string): Record<string, string> {
    const value = this.#value(name);
    if (value === undefined) return {};
    const before = Object.hasOwn(this.#texts, name) ? this.#texts[name] : undefined;
    return { [member]: before !== undefined && isValueOf(before, value) ? before : String(value) };
  }

  #languages(name: string): { readonly value?: unknown } {
    const value = this.#value(name);
    if (!isObject(value)) return {};
    return { value: Object.entries(value).map(([language, text]) => ({ language, text })) };
  }
}

/** Whether a text still says the value: `4.50` says 4.5, `1` says true. */
function isValueOf(text: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value === (text === 'true' || text === '1');
  return typeof value === 'number' ? Number(text) === value : text === value;
}
