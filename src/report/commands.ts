import type { Finding, FlowChange } from '../model/change-set.ts';
import { servicePortName } from '../model/cluster-state.ts';
import { socketText } from '../model/ip.ts';

/** Commands that a reader may want next, as lists of arguments. */
export interface Commands {
	/** what compared the sides, without options of output: `nft-gen`, `diff`, `main:deploy`, `HEAD:deploy` */
	readonly again: readonly string[];
	/** the options by which `trace` and `explain` read a side: `-f`, `deploy`; null where they cannot, as from standard input */
	readonly read: { readonly base: readonly string[] | null; readonly head: readonly string[] | null };
}

/** Arguments as a shell takes them. */
export function shellLine(command: readonly string[]): string {
	return command.map(shellWord).join(' ');
}

function shellWord(word: string): string {
	return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that looks closer at a finding: the trace of a connection that is treated differently, else the explanation of
 * its Service, on the head side or, where the object is gone, on the base side.
 * @returns null where there is no such command
 */
export function closerLook({ object, flows, nodes, causes }: Finding, { read }: Commands): readonly string[] | null {
	const isGone = causes.length > 0 && causes.every(({ head, base }) => head === null && base !== null);
	const source = isGone ? read.base : read.head;
	if (source === null || object.kind !== 'Service' || nodes.some(isSymbol)) return null;
	const traced = flows.flatMap((flow) => traceArguments(flow) ?? [])[0];
	if (traced !== undefined) return ['nft-gen', 'trace', ...traced, ...source];
	const { namespace, name, port } = object;
	const id = servicePortName({ namespace: namespace ?? '', service: name ?? '', port: port ?? '' });
	const node = nodes[0] === undefined ? ['--all-nodes'] : ['--node', nodes[0]];
	return ['nft-gen', 'explain', `svc:${id}`, ...node, ...source];
}

/** Null where an address or a port is not known, or is not one alone. */
function traceArguments({ nodes, client, frontend }: FlowChange): readonly (readonly string[])[] | null {
	const to = destination(frontend);
	if (to === null) return null;
	const from = client.kind === 'node' ? 'node' : `ip:${client.witness}`;
	const family = frontend.kind === 'node-port' ? ['--family', frontend.family === 'ip' ? 'ipv4' : 'ipv6'] : [];
	return [['--node', nodes[0] ?? '', '--from', from, '--to', to, ...family]];
}

function destination({ kind, address, port, protocol }: FlowChange['frontend']): string | null {
	if (port === null) return null;
	const suffix = protocol === 'tcp' ? '' : `/${protocol}`;
	if (kind === 'node-port') return `nodeport:${port}${suffix}`;
	return address === null || isSymbol(address) ? null : `ip:${socketText(address, port)}${suffix}`;
}

/** Whether a text stands for a value that nobody knows: `‹clusterIP of shop/web›`, `‹any node›`. */
export function isSymbol(text: string): boolean {
	return text.startsWith('‹');
}
