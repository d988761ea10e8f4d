/** The parts of an AAS V3.0 JSON environment the hub reads. Their shape holds after `checkEnvironment`. */
export interface Key {
  readonly type: string;
  readonly value: string;
}

export interface Reference {
  readonly type: string;
  readonly keys: readonly Key[];
}

export interface LangString {
  readonly language: string;
  readonly text: string;
}

interface DataSpecification {
  readonly dataSpecificationContent: { readonly modelType: string; readonly unit?: string };
}

export interface SubmodelElement {
  readonly modelType: string;
  readonly idShort?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly semanticId?: Reference;
  readonly embeddedDataSpecifications?: readonly DataSpecification[];
  readonly valueType?: string;
  readonly value?: unknown;
  readonly min?: string;
  readonly max?: string;
  readonly statements?: readonly SubmodelElement[];
  readonly globalAssetId?: string;
}

export interface Submodel {
  readonly id: string;
  readonly idShort?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly semanticId?: Reference;
  readonly submodelElements?: readonly SubmodelElement[];
}

export interface Shell {
  readonly id: string;
  readonly assetInformation: {
    readonly assetKind: string;
    readonly globalAssetId?: string;
    readonly specificAssetIds?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly submodels?: readonly Reference[];
}

export interface ConceptDescription {
  readonly id: string;
  readonly embeddedDataSpecifications?: readonly DataSpecification[];
}

export interface Environment {
  readonly assetAdministrationShells?: readonly Shell[];
  readonly submodels?: readonly Submodel[];
  readonly conceptDescriptions?: readonly ConceptDescription[];
}

/** Texts by language. */
export function textsOf(strings: readonly LangString[] | undefined): Record<string, string> {
  return Object.fromEntries((strings ?? []).map(({ language, text }) => [language, text]));
}
