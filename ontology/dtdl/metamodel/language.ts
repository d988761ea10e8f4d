/**
 * What differs between versions of the language as a whole: rules on contexts and identifiers, and limits.
 * @see DTDL Language Specification, versions 2, 3 and 4; DTDL.onvif.v1
 */
import type { DtdlVersion } from '../dtmi.ts';
import type { LimitSet } from './types.ts';

export interface LanguageVersion {
  /** Extensions that are not known may stand in `@context` unless the caller says otherwise. */
  readonly allowsUndefinedExtensions: boolean;
  /** JSON-LD keywords without a meaning in DTDL are refused. */
  readonly restrictsKeywords: boolean;
  /** Limits may come from a limit context instead of the language. */
  readonly allowsLimitContexts: boolean;
  /** Types and members that are not known are tolerated on an element that has a type that is not known. */
  readonly tolerant: boolean;
  /** A schema may contain itself. */
  readonly allowsSelfReference: boolean;
  /** No arrays in what a Property holds. */
  readonly excludesArrayInProperty: boolean;
  readonly limits: LimitSet;
}

const limits2: LimitSet = {
  name: 'DTDL 2',
  idLength: 2048,
  interfaceIdLength: 128,
  commentLength: 512,
  descriptionLength: 512,
  displayNameLength: 64,
  nameLength: 64,
  targetLength: 2048,
  extendsDepth: 10,
  schemaDepth: 5,
  extendsCount: null,
  elementCount: null,
  interfaceLength: null,
  contents: 300,
  extends: 2,
  properties: 300,
  fields: 30,
  enumValues: 100,
  maxMultiplicity: 500,
};

const limits3: LimitSet = {
  ...limits2,
  name: 'DTDL 3',
  displayNameLength: 512,
  nameLength: 512,
  extendsCount: 1024,
  elementCount: 100_000,
  interfaceLength: 1024 * 1024,
  contents: null,
  extends: null,
  properties: null,
  fields: null,
  enumValues: null,
  maxMultiplicity: null,
};

const limits4: LimitSet = { ...limits3, name: 'DTDL 4', extendsDepth: 12, schemaDepth: 8 };

/** Limits that a limit context puts in the place of those of DTDL 4. */
export const onvifLimits: LimitSet = {
  ...limits4,
  name: 'onvif 1',
  idLength: 512,
  interfaceIdLength: 256,
  descriptionLength: 4096,
  schemaDepth: 24,
};
export const aioLimits: LimitSet = {
  ...limits4,
  name: 'aio 1',
  idLength: 512,
  interfaceIdLength: 256,
  descriptionLength: 4096,
  schemaDepth: 12,
};

export const language: Readonly<Record<DtdlVersion, LanguageVersion>> = {
  2: {
    allowsUndefinedExtensions: true,
    restrictsKeywords: false,
    allowsLimitContexts: false,
    tolerant: true,
    allowsSelfReference: false,
    excludesArrayInProperty: true,
    limits: limits2,
  },
  3: {
    allowsUndefinedExtensions: false,
    restrictsKeywords: true,
    allowsLimitContexts: false,
    tolerant: false,
    allowsSelfReference: false,
    excludesArrayInProperty: false,
    limits: limits3,
  },
  4: {
    allowsUndefinedExtensions: false,
    restrictsKeywords: true,
    allowsLimitContexts: true,
    tolerant: false,
    allowsSelfReference: true,
    excludesArrayInProperty: false,
    limits: limits4,
  },
};

/** Prefixes of identifiers that belong to the language. */
export const languagePrefixes: readonly string[] = ['dtmi:dtdl:', 'dtmi:standard:'];
