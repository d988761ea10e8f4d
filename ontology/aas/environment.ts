/**
 * An AAS environment as the standard writes it in JSON, whatever form it came in. What was read in strict mode has every
 * required member; what was imported may lack some, so only what can be relied on in both is required here.
 * @see IDTA-01001, metamodel and mapping to JSON
 */
export interface Key {
  readonly type: string;
  readonly value: string;
}

export interface Reference {
  readonly type: string;
  readonly keys: readonly Key[];
  readonly referredSemanticId?: Reference;
}

export interface LangString {
  readonly language: string;
  readonly text: string;
}

export interface Extension {
  readonly name: string;
  readonly valueType?: string;
  readonly value?: string;
  readonly refersTo?: readonly Reference[];
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

export interface Qualifier {
  readonly type: string;
  readonly kind?: string;
  readonly valueType?: string;
  readonly value?: string;
  readonly valueId?: Reference;
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

/** IEC 61360 content, or that of another template (`modelType` tells). @see IDTA-01003-a */
export interface DataSpecificationContent {
  readonly modelType: string;
  readonly preferredName?: readonly LangString[];
  readonly shortName?: readonly LangString[];
  readonly definition?: readonly LangString[];
  readonly unit?: string;
  readonly unitId?: Reference;
  readonly symbol?: string;
  readonly dataType?: string;
  readonly sourceOfDefinition?: string;
  readonly valueFormat?: string;
  readonly value?: string;
  readonly valueList?: { readonly valueReferencePairs?: readonly ValueReferencePair[] };
  readonly levelType?: Readonly<Partial<Record<'min' | 'nom' | 'typ' | 'max', boolean>>>;
}

export interface ValueReferencePair {
  readonly value?: string;
  readonly valueId?: Reference;
}

export interface EmbeddedDataSpecification {
  readonly dataSpecification?: Reference;
  readonly dataSpecificationContent: DataSpecificationContent;
}

export interface AdministrativeInformation {
  readonly version?: string;
  readonly revision?: string;
  readonly creator?: Reference;
  readonly templateId?: string;
  /** From 3.2. */
  readonly createdAt?: string;
  /** From 3.2. */
  readonly updatedAt?: string;
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
}

/** What all elements with an idShort have. */
export interface Referable {
  readonly modelType: string;
  readonly idShort?: string;
  readonly category?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly extensions?: readonly Extension[];
}

interface Described {
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
  readonly qualifiers?: readonly Qualifier[];
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
}

export interface SpecificAssetId {
  readonly name: string;
  readonly value: string;
  readonly externalSubjectId?: Reference;
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

export interface OperationVariable {
  readonly value: SubmodelElement;
}

/** Any submodel element; which members it may have depends on `modelType`. */
export interface SubmodelElement extends Referable, Described {
  readonly valueType?: string;
  /**
   * Property: lexical text; File: path; Blob: base64; MultiLanguageProperty: language strings; ReferenceElement: a
   * reference; SubmodelElementCollection and -List: elements.
   */
  readonly value?: unknown;
  readonly valueId?: Reference;
  /** Of a Range: lexical text. */
  readonly min?: string;
  readonly max?: string;
  /** Of File and Blob. */
  readonly contentType?: string;
  /** Of RelationshipElement. */
  readonly first?: Reference;
  readonly second?: Reference;
  readonly annotations?: readonly SubmodelElement[];
  /** Of Entity. */
  readonly statements?: readonly SubmodelElement[];
  readonly entityType?: string;
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  /** Of SubmodelElementList. */
  readonly orderRelevant?: boolean;
  readonly semanticIdListElement?: Reference;
  readonly typeValueListElement?: string;
  readonly valueTypeListElement?: string;
  /** Of Operation. */
  readonly inputVariables?: readonly OperationVariable[];
  readonly outputVariables?: readonly OperationVariable[];
  readonly inoutputVariables?: readonly OperationVariable[];
  /** Of BasicEventElement. */
  readonly observed?: Reference;
  readonly direction?: string;
  readonly state?: string;
  readonly messageTopic?: string;
  readonly messageBroker?: Reference;
  readonly lastUpdate?: string;
  readonly minInterval?: string;
  readonly maxInterval?: string;
}

export interface Submodel extends Referable, Described {
  readonly id: string;
  readonly kind?: string;
  readonly administration?: AdministrativeInformation;
  readonly submodelElements?: readonly SubmodelElement[];
}

export interface AssetInformation {
  readonly assetKind?: string;
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  readonly assetType?: string;
  readonly defaultThumbnail?: { readonly path?: string; readonly contentType?: string };
}

export interface Shell extends Referable {
  readonly id: string;
  readonly administration?: AdministrativeInformation;
  readonly assetInformation?: AssetInformation;
  readonly derivedFrom?: Reference;
  readonly submodels?: readonly Reference[];
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
}

export interface ConceptDescription extends Referable {
  readonly id: string;
  readonly administration?: AdministrativeInformation;
  readonly isCaseOf?: readonly Reference[];
  readonly embeddedDataSpecifications?: readonly EmbeddedDataSpecification[];
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

/**
 * The names of sibling elements in the paths of properties: the idShort, or the position of an element that has none or
 * one that an earlier sibling had (which only imported documents have).
 */
export function namesOf(elements: readonly SubmodelElement[]): readonly string[] {
  const taken = new Set<string>();
  return elements.map(({ idShort }, i) => {
    const name = idShort === undefined || taken.has(idShort) ? String(i) : idShort;
    taken.add(name);
    return name;
  });
}
