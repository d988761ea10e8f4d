import type { ImportDocument } from '#ontology/import.ts';
import type { Reference, Submodel, SubmodelElement } from '#ontology/aas/environment.ts';

/** Elements of submodels in the JSON of the standard, short to write. */
export const ref = (value: string): Reference => ({
  type: 'ExternalReference',
  keys: [{ type: 'GlobalReference', value }],
});

type Ids = Pick<SubmodelElement, 'semanticId' | 'supplementalSemanticIds'>;

export const ids = (main: string | null, ...supplemental: string[]): Ids => ({
  ...(main === null ? {} : { semanticId: ref(main) }),
  ...(supplemental.length ? { supplementalSemanticIds: supplemental.map(ref) } : {}),
});

const named = (idShort: string | null) => (idShort === null ? {} : { idShort });

export const prop = (
  idShort: string | null,
  id: string | null,
  value?: string,
  valueType = 'xs:string',
  unit?: string,
): SubmodelElement => ({
  modelType: 'Property',
  ...named(idShort),
  ...ids(id),
  valueType,
  ...(value === undefined ? {} : { value }),
  ...(unit === undefined
    ? {}
    : {
        embeddedDataSpecifications: [
          {
            dataSpecification: ref(
              'https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3',
            ),
            dataSpecificationContent: {
              modelType: 'DataSpecificationIec61360',
              preferredName: [{ language: 'en', text: idShort ?? 'x' }],
              unit,
            },
          },
        ],
      }),
});

export const mlp = (idShort: string, id: string | null, texts: Record<string, string>): SubmodelElement => ({
  modelType: 'MultiLanguageProperty',
  idShort,
  ...ids(id),
  value: Object.entries(texts).map(([language, text]) => ({ language, text })),
});

export const smc = (
  idShort: string | null,
  id: string | null,
  value: readonly SubmodelElement[],
  ...supplemental: string[]
): SubmodelElement => ({
  modelType: 'SubmodelElementCollection',
  ...named(idShort),
  ...ids(id, ...supplemental),
  value,
});

export const list = (
  idShort: string,
  id: string | null,
  typeValueListElement: string,
  value: readonly SubmodelElement[],
): SubmodelElement => ({
  modelType: 'SubmodelElementList',
  idShort,
  ...ids(id),
  typeValueListElement,
  ...(typeValueListElement === 'Property' ? { valueTypeListElement: 'xs:string' } : {}),
  value,
});

const bom = 'https://admin-shell.io/idta/HierarchicalStructures';

export const entity = (
  idShort: string,
  globalAssetId: string | null,
  statements: readonly SubmodelElement[] = [],
  kind: 'EntryNode' | 'Node' = 'Node',
): SubmodelElement => ({
  modelType: 'Entity',
  idShort,
  ...ids(`${bom}/${kind}/1/0`),
  entityType: globalAssetId === null ? 'CoManagedEntity' : 'SelfManagedEntity',
  ...(globalAssetId === null ? {} : { globalAssetId }),
  ...(statements.length ? { statements } : {}),
});

export const relation = (
  name: 'HasPart' | 'IsPartOf' | 'SameAs',
  suffix: string,
  first: readonly [submodel: string, ...path: string[]],
  second: readonly [submodel: string, ...path: string[]],
): SubmodelElement => ({
  modelType: 'RelationshipElement',
  idShort: `${name}_${suffix}`,
  ...ids(`${bom}/${name}/1/0`),
  first: toEntity(first),
  second: toEntity(second),
});

function toEntity([submodel, ...path]: readonly [string, ...string[]]): Reference {
  return {
    type: 'ModelReference',
    keys: [{ type: 'Submodel', value: submodel }, ...path.map((value) => ({ type: 'Entity', value }))],
  };
}

export const submodel = (
  id: string,
  idShort: string,
  semanticId: string,
  submodelElements: readonly SubmodelElement[],
): Submodel => ({
  modelType: 'Submodel',
  id,
  idShort,
  kind: 'Instance',
  ...ids(semanticId),
  submodelElements,
});

interface ShellInput {
  readonly id: string;
  readonly globalAssetId?: string;
  readonly twinId?: string;
  readonly submodels: readonly Submodel[];
}

/** An environment with shells and all their submodels. */
export function environment(...shells: readonly ShellInput[]): ImportDocument {
  const content = {
    assetAdministrationShells: shells.map(({ id, globalAssetId, twinId, submodels }) => ({
      modelType: 'AssetAdministrationShell',
      id,
      assetInformation: {
        assetKind: 'Instance',
        ...(globalAssetId === undefined ? {} : { globalAssetId }),
        ...(twinId === undefined ? {} : { specificAssetIds: [{ name: 'twinId', value: twinId }] }),
      },
      submodels: submodels.map((one) => ({
        type: 'ModelReference',
        keys: [{ type: 'Submodel', value: one.id }],
      })),
    })),
    submodels: shells.flatMap(({ submodels }) => submodels),
  };
  return { name: 'shells.json', standard: 'AAS', content: JSON.stringify(content) };
}

/** What readers of known submodels need: units by path, and findings as `code pointer`. */
export function scope(units: Readonly<Record<string, string>> = {}) {
  const found: string[] = [];
  return {
    found,
    unitOf: (path: readonly string[]) => units[path.join('.')] ?? null,
    report: (code: string, pointer: string) => void found.push(`${code} ${pointer}`),
  };
}

/** The value of a canonical property; `undefined` when it is not there. */
export const valueOf = (properties: readonly { name: string; value: unknown }[], name: string): unknown =>
  properties.find((property) => property.name === name)?.value;
