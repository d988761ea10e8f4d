import type { FieldNode, GraphQLSchema } from 'graphql';
import type { HubError } from '#kernel/errors.ts';
import type { RequestContext } from '#ontology/request-context.ts';
import type { SelectedOperation } from './operation.ts';

/** Which fields of operations may be seen by whom. The engine asks once for each operation it gets to know. */
export interface AccessRules {
  /** `null` when nothing the operation selects is protected: then nothing is asked at run time. */
  forOperation(selected: SelectedOperation, schema: GraphQLSchema): OperationAccess | null;
}

/** The rules that concern one operation. */
export interface OperationAccess {
  /**
   * What the caller may see of the operation.
   * @param atMost - what was granted before: nothing is added to it.
   */
  of(context: RequestContext, atMost?: Granted): Promise<Granted>;
}

/** What a caller may see of one operation. Grants with the same key are the same. */
export interface Granted {
  readonly key: string;
  /** `null` when all of it. */
  readonly denials: Denials | null;
}

/** What of one operation is kept from a caller. */
export interface Denials {
  /** Why a selected field is null where its object has the type `typeName`; `null` when it is not kept back. */
  ofField(node: FieldNode, typeName: string): HubError | null;
  /** Why objects of a type are null altogether. */
  ofType(typeName: string): HubError | null;
  /** The operation without what is kept back. */
  prune(selected: SelectedOperation): SelectedOperation;
}
