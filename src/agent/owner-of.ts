import type { ServicePortId } from '../model/cluster-state.ts';

const ROLES: ReadonlySet<string> = new Set(['cluster', 'local', 'external', 'firewall', 'endpoint', 'affinity']);

/**
 * Whether a found name can be said to nft. Through netlink, or nft's JSON, there are names such as `x;flush ruleset`, which nft
 * would take for a command.
 */
export function isPlain(name: string): boolean {
	return /^[A-Za-z][\w./-]*$/.test(name);
}

/** The service port that a chain or set belongs to, by its name; null for the frame's and strangers' (`src/compile/names.ts`). */
export function ownerOf(name: string): ServicePortId | null {
	const [role = '', namespace, service, port] = name.split('/');
	if (!isPlain(name) || !ROLES.has(role) || namespace === undefined || service === undefined || port === undefined)
		return null;
	// An unnamed port is called by protocol and number, with a dot that port names cannot hold.
	return { namespace, service, port: port.includes('.') ? '' : port };
}
