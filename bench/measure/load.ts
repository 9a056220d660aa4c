import { inNamespace, type Namespaces } from './namespaces.ts';
import { type Run, run } from './process.ts';

/** Times `nft -f` of a file in a new, empty namespace. What is done before and after is not part of the time. */
export async function load(namespaces: Namespaces, file: string): Promise<Run> {
	const namespace = namespaces.add();
	try {
		return await loadInto(namespace, file);
	} finally {
		removeLoaded(namespaces, namespace);
	}
}

/** Times `nft -f` of a file in a given namespace. */
export function loadInto(namespace: string, file: string): Promise<Run> {
	return run({ program: 'ip', args: ['netns', 'exec', namespace, 'nft', '-f', file], output: null });
}

/**
 * Removes a namespace with its rules. The kernel frees flushed rules in the background; a chain that is deleted after them
 * waits for that, so that the next measurement does not share the machine with it.
 */
export function removeLoaded(namespaces: Namespaces, namespace: string): void {
	inNamespace(namespace, 'nft', 'flush ruleset');
	inNamespace(namespace, 'nft', 'add table ip last; add chain ip last last; delete chain ip last last');
	namespaces.remove(namespace);
}
