import type { Lab } from './lab.ts';

/**
 * Binds addresses to the node while something is tried, as agents of load balancers do. They are of scope host, so that
 * masquerading does not choose them, and usable at once.
 */
export async function withNodeAddresses(
	lab: Lab,
	addresses: readonly string[],
	body: () => Promise<void>,
): Promise<void> {
	const address = (verb: 'add' | 'del', text: string) => {
		const nodad = verb === 'add' && text.includes(':') ? ['nodad'] : [];
		return lab.run('ip', ['address', verb, text, 'dev', 'lo', 'scope', 'host', ...nodad]);
	};
	await Promise.all(addresses.map((each) => address('add', each)));
	try {
		await body();
	} finally {
		await Promise.all(addresses.map((each) => address('del', each)));
	}
}
