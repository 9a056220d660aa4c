import type { KubeConfig } from '@kubernetes/client-node';

/** Which cluster, as kubectl would be told. */
export interface ClusterChoice {
	readonly kubeconfig: string | null;
	readonly context: string | null;
}

/** Why a cluster could not be read, in a sentence for the user. */
export class ClusterError extends Error {
	override readonly name = 'ClusterError';
}

/**
 * Finds the cluster as kubectl does: the named file, KUBECONFIG, ~/.kube/config, or the Pod's own account.
 * The API library is loaded here only: it costs more than a whole rendering.
 * @throws ClusterError when there is none
 */
export async function loadConfig(choice: ClusterChoice): Promise<KubeConfig> {
	const { KubeConfig: Config } = await import('./api-library.ts');
	const config = new Config();
	try {
		if (choice.kubeconfig === null) config.loadFromDefault();
		else config.loadFromFile(choice.kubeconfig);
	} catch (cause) {
		throw new ClusterError(`the kubeconfig ${choice.kubeconfig ?? ''} cannot be read: ${message(cause)}`, { cause });
	}
	if (config.getCurrentContext() === NOTHING_FOUND) {
		throw new ClusterError('no kubeconfig was found; pass --kubeconfig, or files with -f');
	}
	if (choice.context !== null) setContext(config, choice.context);
	if (!config.getCurrentCluster()?.server) {
		throw new ClusterError('the kubeconfig names no cluster; pass --context or another --kubeconfig, or files with -f');
	}
	return config;
}

/** The URL of the cluster's API server. @throws ClusterError when there is none */
export async function serverOf(choice: ClusterChoice): Promise<string> {
	return (await loadConfig(choice)).getCurrentCluster()?.server ?? '';
}

/** The context that the library makes up, for a server on this machine, when it finds nothing. */
const NOTHING_FOUND = 'loaded-context';

function setContext(config: KubeConfig, context: string): void {
	const known = config.getContexts().map(({ name }) => name);
	if (!known.includes(context)) {
		throw new ClusterError(`the kubeconfig has no context ${context}; it has ${known.join(', ') || 'none'}`);
	}
	config.setCurrentContext(context);
}

/** What an error says; some of Node's only hold others that say it. */
export function message(cause: unknown): string {
	if (cause instanceof AggregateError) return message(cause.errors[0]);
	return cause instanceof Error ? cause.message || String(cause) : String(cause);
}
