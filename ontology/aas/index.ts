/**
 * Reads an Asset Administration Shell environment into models and the properties of the twins that its shells belong to.
 * @see IDTA-01001 (metamodel, mappings to JSON and XML)
 */
import { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import { parseModelId } from '../ids.ts';
import type { JsonText } from '../json-text.ts';
import type { Model } from '../model.ts';
import { textsOf, type Environment, type Shell, type Submodel, type SubmodelElement } from './environment.ts';
import { filesOf, thumbnailOf, type FileReference } from './files.ts';
import { flatten } from './flatten.ts';
import type { AasVersion } from './metamodel/index.ts';
import { readAasJson, readAasXml, type AasReading } from './read.ts';
import { ucumOfSymbol } from './units.ts';

/** A submodel read as model, with the values its elements had. */
export interface ReadSubmodel {
  /** Its `source` lacks the values that are in `values`: a model is a type, its twin holds the values. */
  readonly model: Model;
  /** The submodel as it came, for one that belongs to no twin. */
  readonly whole: unknown;
  /** What the names of its properties begin with: `idShort` and a dot. */
  readonly prefix: string;
  readonly values: ReadonlyMap<string, unknown>;
  /** Values as they were written, where JavaScript writes them otherwise, by the same names. */
  readonly texts: ReadonlyMap<string, string>;
  /** What its `File` elements refer to. */
  readonly files: readonly FileReference[];
  readonly pointer: string;
}

/** A shell and where it says it belongs. */
export interface ReadShell {
  readonly id: string;
  readonly assetKind: string;
  readonly globalAssetId: string | null;
  /** Twin ids to look for, best first. */
  readonly candidates: readonly string[];
  /** Submodels of this file that it refers to. */
  readonly submodels: readonly ReadSubmodel[];
  /** The picture of its asset. */
  readonly thumbnail: Omit<FileReference, 'element'> | null;
  /** The shell as it came. */
  readonly source: unknown;
  readonly pointer: string;
}

export interface ReadEnvironment {
  readonly shells: readonly ReadShell[];
  readonly submodels: readonly ReadSubmodel[];
  readonly sink: FindingSink;
}

/**
 * Reads one file in import mode: deviations from the standard are warnings. Never throws on what it says.
 *
 * @param text - JSON, or the text of an XML document.
 */
export function readAas(name: string, text: JsonText | string): ReadEnvironment {
  const options = { mode: 'import' } as const;
  return toModels(
    name,
    typeof text === 'string' ? readAasXml(name, text, options) : readAasJson(name, text, options),
  );
}

/** What an environment that was read means for the hub. @param name - for further findings. */
export function toModels(
  name: string,
  { environment, version, findings, places }: AasReading,
): ReadEnvironment {
  const sink = new FindingSink(name, places);
  sink.addAll(findings);
  if (!environment) return { shells: [], submodels: [], sink };
  const units = unitsOf(environment);
  const concepts = new Map((environment.conceptDescriptions ?? []).map((concept) => [concept.id, concept]));
  const submodels = (environment.submodels ?? []).flatMap(
    (submodel, i) =>
      readSubmodel(submodel, pointerTo('/submodels', i), { units, sink, version, concepts }) ?? [],
  );
  const byId = new Map([...submodels].reverse().map((submodel) => [submodel.model.id as string, submodel]));
  const shells = (environment.assetAdministrationShells ?? []).map((shell, i) =>
    readShell(shell, pointerTo('/assetAdministrationShells', i), byId, sink),
  );
  const used = new Set(shells.flatMap((shell) => shell.submodels));
  for (const submodel of submodels) {
    if (!used.has(submodel))
      sink.warn(
        'hub:submodelWithoutShell',
        submodel.pointer,
        `No shell refers to the submodel ${submodel.model.id}; it is imported as a model only.`,
      );
  }
  return { shells, submodels, sink };
}

/** Unit symbol by id of the concept description. */
function unitsOf(environment: Environment): ReadonlyMap<string, string> {
  return new Map(
    (environment.conceptDescriptions ?? []).flatMap((concept) => {
      const unit = unitIn(concept.embeddedDataSpecifications);
      return unit ? [[concept.id, unit] as const] : [];
    }),
  );
}

function unitIn(specifications: SubmodelElement['embeddedDataSpecifications']): string | undefined {
  return specifications
    ?.map(({ dataSpecificationContent: content }) =>
      content.modelType === 'DataSpecificationUom' ? content.symbol : content.unit,
    )
    .find((unit) => unit);
}

interface SubmodelScope {
  readonly units: ReadonlyMap<string, string>;
  readonly sink: FindingSink;
  readonly version: AasVersion;
  /** Concept descriptions by id. */
  readonly concepts: ReadonlyMap<string, unknown>;
}

function readSubmodel(
  submodel: Submodel,
  pointer: string,
  { units, sink, version, concepts }: SubmodelScope,
): ReadSubmodel | null {
  if (submodel.id.length < 1 || submodel.id.length > 2048) {
    sink.error(
      'hub:invalidModelId',
      pointerTo(pointer, 'id'),
      'The id of a submodel has 1 to 2048 characters.',
    );
    return null;
  }
  const declaredBy = parseModelId(submodel.id);
  if (!submodel.idShort)
    sink.warn(
      'hub:submodelWithoutName',
      pointer,
      'The submodel has no idShort; the names of its properties begin with "Submodel".',
    );
  const prefix = submodel.idShort ?? 'Submodel';
  const unitOf = (element: SubmodelElement, at: string): string | null => {
    const symbol =
      unitIn(element.embeddedDataSpecifications) ?? units.get(element.semanticId?.keys[0]?.value ?? '');
    const ucum = symbol ? ucumOfSymbol(symbol) : null;
    if (symbol && !ucum)
      sink.warn(
        'hub:unknownUnit',
        at,
        `The unit ${JSON.stringify(symbol)} has no UCUM code known here; the value carries no unit.`,
      );
    return ucum;
  };
  const flat = flatten(submodel.submodelElements ?? [], prefix, pointerTo(pointer, 'submodelElements'), {
    declaredBy,
    unitOf,
    sink,
  });
  const displayName = textsOf(submodel.displayName);
  const model: Model = {
    id: declaredBy,
    standard: 'AAS',
    standardVersion: version,
    displayName: Object.keys(displayName).length ? displayName : { en: prefix },
    description: textsOf(submodel.description),
    extends: [],
    contents: flat.contents,
    source: submodel.submodelElements ? { ...submodel, submodelElements: flat.elements } : submodel,
    ...conceptsOf(submodel, concepts),
  };
  return {
    model,
    whole: submodel,
    prefix: `${prefix}.`,
    values: flat.values,
    texts: flat.texts,
    files: filesOf(submodel.submodelElements ?? [], prefix, pointerTo(pointer, 'submodelElements')),
    pointer,
  };
}

/** The concept descriptions that the references of a submodel lead to. */
function conceptsOf(submodel: Submodel, known: ReadonlyMap<string, unknown>): Pick<Model, 'concepts'> {
  const found = new Map<string, unknown>();
  const waiting: unknown[] = known.size ? [submodel] : [];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) waiting.push(...(value as readonly unknown[]));
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value))
        // A key of a reference: `{ type, value }`.
        if (name === 'value' && typeof inner === 'string' && known.has(inner))
          found.set(inner, known.get(inner));
        else waiting.push(inner);
  }
  const ids = [...found.keys()].sort();
  return ids.length ? { concepts: ids.map((id) => found.get(id)) } : {};
}

function readShell(
  shell: Shell,
  pointer: string,
  submodels: ReadonlyMap<string, ReadSubmodel>,
  sink: FindingSink,
): ReadShell {
  const { assetKind = 'NotApplicable', globalAssetId, specificAssetIds } = shell.assetInformation ?? {};
  const named = (specificAssetIds ?? [])
    .filter((asset) => asset.name === 'twinId')
    .map((asset) => asset.value);
  const global = globalAssetId ? [globalAssetId, globalAssetId.split(/[/#]/).at(-1) ?? ''] : [];
  const referred = (shell.submodels ?? []).flatMap((reference, i) => {
    const id = reference.keys.at(-1)?.value;
    const found = submodels.get(id ?? '');
    if (!found)
      sink.warn(
        'hub:submodelNotInFile',
        pointerTo(pointerTo(pointer, 'submodels'), i),
        `The submodel ${id} is not in this file; it is not imported.`,
      );
    return found ?? [];
  });
  return {
    id: shell.id,
    assetKind,
    globalAssetId: globalAssetId ?? null,
    candidates: named.length ? named : global,
    submodels: referred,
    thumbnail: thumbnailOf(shell, pointer),
    source: shell,
    pointer,
  };
}
