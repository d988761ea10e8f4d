/** The shapes of the tables that describe DTDL to the reader. @see README.md of this folder */
import type { DtdlVersion } from '../dtmi.ts';

/** A value for all versions, or one for each of 2, 3 and 4. */
export type PerVersion<T> = { readonly every: T } | { readonly 2: T; readonly 3: T; readonly 4: T };

/** The entry for a version. */
export function forVersion<T>(value: PerVersion<T>, version: DtdlVersion): T {
  return 'every' in value ? value.every : value[version];
}

/** Upper bounds, chosen by the version of the language or by a limit context. `null` is no bound. */
export interface LimitSet {
  readonly name: string;
  readonly idLength: number;
  readonly interfaceIdLength: number;
  readonly commentLength: number;
  readonly descriptionLength: number;
  readonly displayNameLength: number;
  readonly nameLength: number;
  readonly targetLength: number;
  /** Steps of `extends` on the longest way up. */
  readonly extendsDepth: number;
  /** Steps of `schema` and `elementSchema` below a complex schema. */
  readonly schemaDepth: number;
  /** Interfaces an interface extends, directly and indirectly. */
  readonly extendsCount: number | null;
  /** Elements below an interface, counted along every way to them. */
  readonly elementCount: number | null;
  /** Characters of an interface with everything inside it. */
  readonly interfaceLength: number | null;
  /** Values of a member. */
  readonly contents: number | null;
  readonly extends: number | null;
  readonly properties: number | null;
  readonly fields: number | null;
  readonly enumValues: number | null;
  readonly maxMultiplicity: number | null;
}

export type LengthLimit =
  'commentLength' | 'descriptionLength' | 'displayNameLength' | 'nameLength' | 'targetLength';
export type CountLimit = 'contents' | 'extends' | 'properties' | 'fields' | 'enumValues';

/** A member that holds a plain value. */
export type LiteralMember = { readonly required?: true; readonly versions?: readonly DtdlVersion[] } & (
  | { readonly holds: 'string'; readonly length: LengthLimit; readonly pattern?: RegExp }
  | { readonly holds: 'text'; readonly length: LengthLimit }
  | { readonly holds: 'boolean' }
  | { readonly holds: 'integer'; readonly min: number; readonly max: number | 'maxMultiplicity' }
  | { readonly holds: 'literal' }
  | { readonly holds: 'dtmi'; readonly length: LengthLimit }
);

/** A member that holds elements, written in place or named by their ids. */
export interface ElementMember {
  readonly holds: 'elements';
  readonly versions?: readonly DtdlVersion[];
  /** Group of classes that may stand here. */
  readonly of: PerVersion<string>;
  readonly required: PerVersion<boolean>;
  readonly plural: boolean;
  readonly idRequired: boolean;
  /** The class taken for an element without `@type`; `null` where `@type` is a must. */
  readonly inferred: PerVersion<string | null>;
  /** Versions of the language an element here may be written in. */
  readonly mayBeOlder: boolean;
  /** Elements here have different names, and get ids made of their names. */
  readonly named: boolean;
  readonly limit?: CountLimit;
  /** The standard elements allowed, of those of the group. */
  readonly only?: readonly string[];
}

export type Member = LiteralMember | ElementMember;

/** A type that an extension adds to `@type` beside the class. */
export interface Adjunct {
  /** Its identifier. */
  readonly uri: string;
  readonly kind: 'adjunct' | 'semanticType' | 'semanticUnit' | 'unit' | 'unitAttribute' | 'none';
  readonly abstract?: true;
  /** Identifier of the type it refines. */
  readonly parent: string | null;
  readonly cotypes: readonly string[];
  readonly versions: readonly DtdlVersion[];
  readonly properties: Readonly<Record<string, AdjunctProperty>>;
  /** What members of the element have to hold. */
  readonly values?: readonly ValueRule[];
  readonly siblings?: readonly SiblingRule[];
  readonly parents?: readonly ParentRule[];
  /** Identifiers of types that have to stand, or must not stand, beside it. */
  readonly needs?: readonly string[];
  readonly excludes?: readonly string[];
  /** Words for properties that others need and that this one makes up for. */
  readonly makesUpFor?: readonly string[];
}

/** A property that comes with an adjunct, by identifier. */
export interface AdjunctProperty {
  readonly holds: 'string' | 'integer' | 'numeric' | 'duration' | 'identifier' | 'element';
  readonly required: boolean;
  readonly min?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** `element`: identifier of the type it has to have. */
  readonly type?: string;
  /** `element`: identifier of the element it has to be a child of. */
  readonly childOf?: string;
  /** No other element of the same parent has the same value. */
  readonly unique?: true;
  /** The value has to be an instance of what this member holds. */
  readonly instanceOf?: string;
}

/** Values of `member` need one of the types, or are one of the elements; or match what a sibling says. */
export interface ValueRule {
  readonly member: string;
  readonly types?: readonly string[];
  readonly elements?: readonly string[];
  /** Identifier of the property that names the sibling, and of the one that names a property of that sibling. */
  readonly sibling?: { readonly named: string; readonly parentOf: string };
}

/** The sibling that a property of this element names has to be there as described. */
export interface SiblingRule {
  readonly named: string;
  readonly types?: readonly string[];
  readonly notType?: string;
  /** Identifier of the property whose value is a property that the sibling has through an adjunct. */
  readonly hasProperty?: string;
  /** No two elements name the same sibling and the same value of this property. */
  readonly uniqueWith?: string;
}

/** The element that holds this one in `member` needs one of the types, and holds only one of this kind. */
export interface ParentRule {
  readonly member: string;
  readonly types: readonly string[];
}

/** A version of an extension: what its context adds. */
export interface Extension {
  /** Context specifier without version, and the version. */
  readonly name: string;
  readonly version: number;
  /** Words to identifiers. */
  readonly terms: Readonly<Record<string, string>>;
  readonly adjuncts: readonly Adjunct[];
  /** Prefixes of ids that models must not define while the extension is in use. */
  readonly reserved?: readonly string[];
  /** A limit extension: the version of the language it is for, and its limits. */
  readonly limits?: { readonly version: DtdlVersion; readonly set: LimitSet };
  /** It may stand first, without a language context, for this version of the language. */
  readonly impliesVersion?: DtdlVersion;
}

/** An element that the language or an extension defines, which models may refer to. */
export interface StandardElement {
  readonly id: string;
  readonly cls: string;
  readonly version: DtdlVersion;
  readonly types: readonly string[];
  readonly parent: string | null;
  /** Elements it holds, by member. */
  readonly holds: Readonly<Record<string, readonly string[]>>;
  /** `name` and `enumValue`, where it has them. */
  readonly name?: string;
}
