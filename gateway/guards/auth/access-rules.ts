import { isObjectType, parse, type FieldNode, type GraphQLSchema } from 'graphql';
import type { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { AccessRules, Denials, Granted, OperationAccess } from '../../engine/access.ts';
import type { SelectedOperation } from '../../engine/operation.ts';
import { RequirementFinder, type FieldRequirements, type OperationRequirements } from './denials.ts';
import type { AuthPort } from './policies.ts';
import { withoutFields, type Readable } from './prune.ts';
import { readProtectedParts, type ProtectedParts } from './read-rules.ts';
import { denialOf, isMet, type Requirement } from './requirements.ts';

/**
 * The access rules of a supergraph; `null` when it protects nothing.
 * @throws {HubError} CONFIG_INVALID - a rule that cannot be read.
 */
export function createAccessRules(supergraphSdl: string, port: AuthPort): AccessRules | null {
  const parts = readProtectedParts(parse(supergraphSdl, { noLocation: true }));
  if (!parts.types.size && !parts.fields.size) return null;
  return {
    forOperation(selected, schema) {
      const requirements = new RequirementFinder(schema, parts).find(selected);
      return requirements && new ProtectedOperation(requirements, parts, schema, port);
    },
  };
}

/** A grant that remembers what it is made of. */
interface KnownGrant extends Granted {
  readonly failed: ReadonlySet<number>;
}

class ProtectedOperation implements OperationAccess {
  readonly #requirements: OperationRequirements;
  /** All requirements of the operation, each once; grants name them by their place here. */
  readonly #all: readonly Requirement[];
  readonly #policies: readonly string[];
  readonly #schema: GraphQLSchema;
  readonly #port: AuthPort;

  constructor(
    requirements: OperationRequirements,
    parts: ProtectedParts,
    schema: GraphQLSchema,
    port: AuthPort,
  ) {
    this.#requirements = requirements;
    this.#schema = schema;
    this.#port = port;
    const used = new Set<Requirement>([...requirements.types.values()].flat());
    for (const byType of requirements.fields.values())
      for (const requirement of [...byType.values()].flat()) used.add(requirement);
    this.#all = [...parts.types.values(), ...parts.fields.values()].flat().filter((one) => used.has(one));
    this.#policies = policiesOf(this.#all);
  }

  async of(context: RequestContext, atMost?: Granted): Promise<KnownGrant> {
    const { principal } = context;
    const authenticated = this.#port.isAuthenticated(principal);
    const policies = this.#policies.length
      ? await this.#port.heldPolicies(this.#policies, context)
      : new Set<string>();
    const credentials = { authenticated, policies, scopes: this.#port.scopesOf(principal) };
    const failed = new Set<number>(isKnown(atMost) ? atMost.failed : []);
    for (const [index, requirement] of this.#all.entries())
      if (!isMet(requirement, credentials)) failed.add(index);
    const key = `${authenticated ? '' : '-'}${[...failed].sort((a, b) => a - b).join()}`;
    if (!failed.size) return { key, failed, denials: null };
    return { key, failed, denials: this.#denials(failed, authenticated) };
  }

  #denials(failed: ReadonlySet<number>, authenticated: boolean): Denials {
    const errors = new Map<Requirement, HubError>();
    for (const index of failed) {
      const requirement = this.#all[index];
      if (requirement) errors.set(requirement, denialOf(requirement, authenticated));
    }
    return new OperationDenials(this.#requirements, this.#schema, errors);
  }
}

class OperationDenials implements Denials {
  readonly #requirements: OperationRequirements;
  readonly #schema: GraphQLSchema;
  readonly #errors: ReadonlyMap<Requirement, HubError>;

  constructor(
    requirements: OperationRequirements,
    schema: GraphQLSchema,
    errors: ReadonlyMap<Requirement, HubError>,
  ) {
    this.#requirements = requirements;
    this.#schema = schema;
    this.#errors = errors;
  }

  ofField(node: FieldNode, typeName: string): HubError | null {
    return this.#first(this.#requirements.fields.get(node)?.get(typeName));
  }

  ofType(typeName: string): HubError | null {
    return this.#first(this.#requirements.types.get(typeName));
  }

  prune(selected: SelectedOperation): SelectedOperation {
    return withoutFields(selected, (node) => this.#readable(this.#requirements.fields.get(node)));
  }

  #readable(byType: FieldRequirements | undefined): Readable {
    if (!byType) return 'everywhere';
    const types = [...byType.keys()].filter((name) => isObjectType(this.#schema.getType(name)));
    const open = types.filter((name) => !this.#first(byType.get(name)));
    if (open.length === types.length) return 'everywhere';
    return open.length ? open : 'nowhere';
  }

  #first(requirements: readonly Requirement[] | undefined): HubError | null {
    for (const requirement of requirements ?? []) {
      const error = this.#errors.get(requirement);
      if (error) return error;
    }
    return null;
  }
}

function isKnown(granted: Granted | undefined): granted is KnownGrant {
  return granted !== undefined && 'failed' in granted;
}

function policiesOf(requirements: readonly Requirement[]): string[] {
  const all = requirements.flatMap(({ rule }) => (rule.kind === 'policies' ? rule.anyOf.flat() : []));
  return [...new Set(all)];
}
