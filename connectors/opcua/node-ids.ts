import type { ClientSession } from 'node-opcua';

/** Turns a node id of a mapping into one of this server; `null` when its namespace is not there. */
export type NodeIdResolver = (nodeId: string) => string | null;

/** Reads the server's namespaces. The indexes differ from server to server and may change when it restarts. */
export async function createNodeIdResolver(session: ClientSession): Promise<NodeIdResolver> {
  return nodeIdResolver(await session.readNamespaceArray());
}

/** `nsu=URI;s=x` becomes `ns=N;s=x`; other forms pass unchanged. @see OPC 10000-6, 5.3.1.11 */
export function nodeIdResolver(namespaces: readonly string[]): NodeIdResolver {
  return (nodeId) => {
    const [, uri, rest] = /^nsu=([^;]+);(.+)$/s.exec(nodeId) ?? [];
    if (uri === undefined) return nodeId;
    // Reserved characters of the URI are percent-encoded in the text form.
    const index = namespaces.findIndex((namespace) => namespace === uri || namespace === decode(uri));
    return index < 0 ? null : `ns=${index};${rest}`;
  };
}

function decode(text: string): string {
  return text.replaceAll('%3B', ';').replaceAll('%3b', ';').replaceAll('%25', '%');
}
