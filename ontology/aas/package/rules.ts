import type { FindingSeverity } from '../../import-finding.ts';

/**
 * The one table of what can be wrong with a package. `ERROR`: it is refused. `WARNING`: it breaks a rule, but what it
 * means is clear, so it is read. `advice` is the second half of the finding's message.
 * @see IDTA-01005 (package file format); ISO/IEC 29500-2 (Open Packaging Conventions); PKWARE APPNOTE 6.3 (ZIP)
 */
export const packageRules = {
  // Limits
  packageTooLarge: error('Split the package, or raise the limit.'),
  packageTooManyEntries: error('Split the package, or raise the limit.'),
  packagePartTooLarge: error('Leave the part out, or raise the limit.'),
  packageTotalTooLarge: error('Split the package, or raise the limit.'),
  packageRatio: error('This is what a decompression bomb looks like; pack it anew if it is none.'),
  packageTooManyRelationships: error('Split the package, or raise the limit.'),
  // The ZIP container
  packageNotZip: error('Send the .aasx file as it was saved.'),
  packageTruncated: error('Copy or download the file again.'),
  packageForeignBytes: error(
    'Pack it anew with nothing before, after or between the directory and the parts.',
  ),
  packageMultiDisk: error('Pack it into one file.'),
  packageDirectory: error('Pack it anew.'),
  packageOverlap: error('Pack it anew, each part with data of its own.'),
  packageHeaderDiffers: error('Pack it anew: readers would disagree about what it contains.'),
  packageEncrypted: error('Pack it without encryption; protect it on its way instead.'),
  packageMethod: error('Pack it with Deflate or stored; the Open Packaging Conventions allow no other.'),
  packageSpecialEntry: error('Pack the file itself.'),
  packageSize: error('Pack it anew.'),
  packageCrc: error('Copy or download the file again.'),
  packageDeflate: error('Copy or download the file again.'),
  packageGap: warning('They belong to no part and are not kept.'),
  // Names of parts
  packageName: error('Rename the part: relative path, forward slashes, no empty or dot segments.'),
  packageDuplicate: error('Rename one of them; names of parts differ by more than case.'),
  packageNested: error('Rename one of them: a part is no folder.'),
  packagePieces: error('Pack each part in one piece.'),
  packageNameUnencoded: warning('Names of parts are ASCII with percent-encoding; it is read as it stands.'),
  // Markup of the Open Packaging Conventions
  packageNoContentTypes: error('Save it with a tool for packages; a plain ZIP is none.'),
  packageXml: error('Correct the markup.'),
  packageEncoding: error('Write it in UTF-8.'),
  packageDoctype: error('Remove the document type declaration: packages must not have any.'),
  packageXmlTooDeep: error('Correct the markup.'),
  packageContentType: warning('It is kept as application/octet-stream.'),
  packageContentTypeRule: warning('The rule is left out.'),
  packageRelationship: warning('The relationship is left out.'),
  packageRelationshipId: warning('Ids are unique within a relationship part; both are read.'),
  packageRelationshipSource: warning('Its relationships lead nowhere and are left out.'),
  packageTarget: error('Correct the target: it has to name a part of the package.'),
  packageExternal: warning('It is kept, but never fetched.'),
  packageInternalAsExternal: warning('It names a part, so it is taken as internal.'),
  packageTargetMissing: warning('Add the part or remove the relationship.'),
  // What makes it an AASX
  packageNoOrigin: error(
    'Add the relationship aasx-origin to /_rels/.rels, or save it with a tool for AASX.',
  ),
  packageSeveralOrigins: error('Keep one aasx-origin.'),
  packageNoEnvironment: error('Add a relationship aas-spec from the origin to a JSON or XML part.'),
  packageEnvironmentMissing: error('Add the part, or remove the relationship.'),
  packageCircular: error('Correct the relationship: it leads back to where it comes from.'),
  packageDeprecatedRelationship: warning(
    'The addresses without "www." are the present ones; both mean the same.',
  ),
  packageFormat: error('An aas-spec part is an environment in JSON or XML.'),
  packageOldVersion: error(
    'Open it with a tool that reads V2 and save it as V3 (AASX Package Explorer converts on loading), then send that.',
  ),
  packageUnknownVersion: error('Send an environment of V3.0, V3.1 or V3.2.'),
  packageAlternative: warning('One of the two is imported; both are kept.'),
  packageSeveralThumbnails: warning('The first one is taken.'),
  packageSigned: warning('Signatures are kept, not checked; they end to hold when the package is changed.'),
} as const satisfies Readonly<Record<string, PackageRule>>;

interface PackageRule {
  readonly severity: FindingSeverity;
  readonly advice: string;
}

export type PackageRuleName = keyof typeof packageRules;

function error(advice: string): PackageRule {
  return { severity: 'ERROR', advice };
}

function warning(advice: string): PackageRule {
  return { severity: 'WARNING', advice };
}

/** Thrown inside the reader when nothing after it can be trusted; `readPackage` turns it into a finding. */
export class PackageFault extends Error {
  override readonly name = 'PackageFault';
  readonly rule: PackageRuleName;
  /** Name of the part, `null` for the package. */
  readonly part: string | null;
  readonly place: Place;

  constructor(rule: PackageRuleName, what: string, part: string | null = null, place: Place = start) {
    super(what);
    this.rule = rule;
    this.part = part;
    this.place = place;
  }
}

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const start: Place = { line: 1, column: 1 };
