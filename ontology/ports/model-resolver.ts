/** Where models come from that others refer to: a folder, a repository on the network, the hub itself. */

/** A document that defines at least the interface asked for. */
export interface ResolvedDocument {
  /** Where it comes from, for findings: a file name or an address. */
  readonly name: string;
  /** JSON text of DTDL: an interface, or a list of it and what it needs (`.expanded.json`). */
  readonly content: string;
}

/** Finds models by their identifiers. */
export interface ModelResolver {
  /**
   * Documents that define the models asked for; those it does not have are left out.
   *
   * @param ids - DTMIs; anything else is left out.
   * @throws {HubError} CONNECTOR_UNREACHABLE, DEADLINE_EXCEEDED - the repository does not answer; CONNECTOR_REFUSED - it
   *   refuses, or leads elsewhere than allowed; CONNECTOR_PROTOCOL - what it sends is no model; LIMIT_EXCEEDED - a
   *   document is larger than allowed.
   */
  resolve(ids: readonly string[], signal?: AbortSignal): Promise<readonly ResolvedDocument[]>;
}
