/**
 * Reads an Asset Administration Shell environment (V3.0, JSON) into models and the properties of the twins that its
 * shells belong to.
 * @see IDTA-01001-3-0 (metamodel), IDTA-01001-3-0 Annex on JSON serialisation
 */
import { FindingSink } from '../import-finding.ts';
import { pointerTo } from '../json-pointer.ts';
import { parseModelId } from '../ids.ts';
import { toPlain, type JsonText } from '../json-text.ts';
import type { Model } from '../model.ts';
import { checkEnvironment } from './core.ts';
import { textsOf, type Environment, type Shell, type Submodel, type SubmodelElement } from './environment.ts';
import { flatten } from './flatten.ts';
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
  readonly pointer: string;
}

export interface ReadEnvironment {
  readonly shells: readonly ReadShell[];
  readonly submodels: readonly ReadSubmodel[];
  readonly sink: FindingSink;
}

/** Reads one file. Never throws on what it says. */
export function readAas(name: string, text: JsonText): ReadEnvironment {
  const sink = new FindingSink(name, text);
  const plain = toPlain(text.root);
  if (!checkEnvironment(plain, sink)) return { shells: [], submodels: [], sink };
  const environment = plain as Environment;
  const units = unitsOf(environment);
  const submodels = (environment.submodels ?? []).flatMap(
    (submodel, i) => readSubmodel(submodel, pointerTo('/submodels', i), units, sink) ?? [],
  );
  const shells = (environment.assetAdministrationShells ?? []).map((shell, i) =>
    readShell(shell, pointerTo('/assetAdministrationShells', i), submodels, sink),
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
    ?.map((specification) => specification.dataSpecificationContent.unit)
    .find((unit) => unit);
}

function readSubmodel(
  submodel: Submodel,
  pointer: string,
  units: ReadonlyMap<string, string>,
  sink: FindingSink,
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
    standardVersion: '3.0',
    displayName: Object.keys(displayName).length ? displayName : { en: prefix },
    description: textsOf(submodel.description),
    extends: [],
    contents: flat.contents,
    source: submodel.submodelElements ? { ...submodel, submodelElements: flat.elements } : submodel,
  };
  return { model, whole: submodel, prefix: `${prefix}.`, values: flat.values, pointer };
}

function readShell(
  shell: Shell,
  pointer: string,
  submodels: readonly ReadSubmodel[],
  sink: FindingSink,
): ReadShell {
  const { assetKind, globalAssetId, specificAssetIds } = shell.assetInformation;
  const named = (specificAssetIds ?? [])
    .filter((asset) => asset.name === 'twinId')
    .map((asset) => asset.value);
  const global = globalAssetId ? [globalAssetId, globalAssetId.split(/[/#]/).at(-1) ?? ''] : [];
  const referred = (shell.submodels ?? []).flatMap((reference, i) => {
    const id = reference.keys.at(-1)?.value;
    const found = submodels.find((submodel) => submodel.model.id === id);
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
    pointer,
  };
}
