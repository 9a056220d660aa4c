import { type ByFamily, IP_FAMILIES, socketText } from '../../model/ip.ts';
import type { Loadable } from '../../model/loadable.ts';
import type { Listener, Probe, ProbeAnswer } from '../../model/probe.ts';
import { applyNft } from '../nft/nft.ts';
import { runNft } from '../nft/nft-process.ts';
import { loadRuleset } from './load-ruleset.ts';
import { type Namespace, openBeside, openNamespace } from './namespace.ts';
import type { NotStarted } from './start-prober.ts';
import { STRAY_SET, STRAY_TABLE, strayRules } from './strays.ts';
import { networkScript, nodeScript } from './wiring.ts';

/** A node, and a network that is everything else, in namespaces of their own: no packet leaves them. */
export interface Sandbox {
	/** Loads a ruleset into the node, whole; null when it is there. @throws Error with what nft says of it */
	readonly load: (ruleset: Loadable) => Promise<NotStarted | null>;
	/** Changes the node's tables. @throws Error with what nft says */
	readonly apply: (text: string) => Promise<void>;
	/** Lets all of these answer, and nobody else. @throws Error where an address cannot be listened at */
	readonly listen: (listeners: readonly Listener[]) => Promise<void>;
	readonly probe: (probe: Probe) => Promise<ProbeAnswer>;
	/** Where packets came to though nobody listens, as `ADDRESS:PORT`, sorted. */
	readonly strays: () => Promise<readonly string[]>;
	/** Ends everything in it, and with that the namespaces. */
	readonly close: () => Promise<void>;
}

/**
 * Builds one; it needs no root where user namespaces are allowed. Close it when done; it is gone with this process at the latest.
 * @param own the node's addresses, the primary one first, one of each family at least
 */
export async function openSandbox(own: ByFamily<readonly string[]>): Promise<Sandbox | NotStarted> {
	const node = await openNamespace();
	if ('why' in node) return node;
	const opened = await beside(node, own).catch(async (error: unknown) => {
		await node.prober.stop();
		throw error;
	});
	if ('why' in opened) await node.prober.stop();
	return opened;
}

async function beside(node: Namespace, own: ByFamily<readonly string[]>): Promise<Sandbox | NotStarted> {
	const network = await openBeside(node);
	if ('why' in network) return network;
	const close = async () => {
		await Promise.all([network.prober.stop(), node.prober.stop()]);
	};
	try {
		await node.run(nodeScript(network.prober.pid, own));
		await network.run(networkScript());
	} catch (error) {
		await network.prober.stop();
		return { why: `the network in a namespace cannot be set up: ${error instanceof Error ? error.message : error}` };
	}
	return { ...sandboxOf(node, network), close };
}

function sandboxOf(node: Namespace, network: Namespace): Omit<Sandbox, 'close'> {
	const at = { node, network };
	return {
		load: (ruleset) => loadRuleset(ruleset, node.nft),
		apply: (text) => change(text, node),
		listen: async (listeners) => {
			await change(strayRules(listeners), network);
			for (const listener of listeners) {
				const answer = await at[listener.at].prober.ask({ ask: 'listen', ...listener });
				if (answer.kind === 'failed') {
					throw new Error(`nobody can listen on ${socketText(listener.address, listener.port)}: ${answer.why}`);
				}
			}
		},
		probe: ({ from, ...probe }) => at[from].prober.ask({ ask: 'probe', ...probe }),
		strays: async () => (await Promise.all(IP_FAMILIES.map((family) => straysOf(family, network)))).flat().sort(),
	};
}

async function change(text: string, { nft }: Namespace): Promise<void> {
	const run = await applyNft(text, nft);
	if (run.outcome === 'refused') throw new Error(`nft refuses it: ${run.messages[0]?.message ?? ''}`);
	if (run.outcome !== 'done') throw new Error(`nft ${run.outcome}`);
}

async function straysOf(family: string, { nft }: Namespace): Promise<readonly string[]> {
	const { stdout } = await runNft(['list', 'set', family, STRAY_TABLE, STRAY_SET], nft);
	return [...stdout.matchAll(/([0-9a-f.:]+) \. (?:tcp|udp) \. (\d+)/g)].map(([, address = '', port]) =>
		socketText(address, Number(port)),
	);
}
