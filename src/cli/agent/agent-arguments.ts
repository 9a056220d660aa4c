import { type Command, InvalidArgumentError, Option } from 'commander';
import { type BindAddress, parseBindAddress } from '../../host/bind-address.ts';
import { addNetworkOptions, inputRequest, type NetworkOptions } from '../network-options.ts';
import { readNodeName } from '../options.ts';
import type { Perform } from '../world.ts';
import type { AgentFlags, AgentRequest } from './agent-parts.ts';

/** Ways to use it. */
export const AGENT_EXAMPLES = `
  nft-gen agent --node n1                                       (as root, on the node)
  nft-gen agent --node n1 --once --dry-run                      what would it change?`;

const HELP = `
Watches Services, EndpointSlices, Nodes and ServiceCIDRs and keeps the tables "ip nft-gen" and "ip6 nft-gen" what "render"
would print, by the smallest transactions. A table that is there already is taken over: nothing is written when it is right.
It can take kube-proxy's place on a node: docs/replacing-kube-proxy.md says how, and how to go back.

What it writes stays when it ends. --cleanup removes it.

Examples:${AGENT_EXAMPLES}
  nft-gen agent --cleanup                                       remove the tables and the saved state

Exit codes: 0 done or ended by a signal, 1 failed, 64 the command line is wrong.
`;

interface AgentOptions extends NetworkOptions, AgentFlags {
	readonly node?: string;
}

/** Adds the command `agent` to the program. */
export function addAgent(program: Command, perform: Perform): void {
	const command = program
		.command('agent')
		.description("Keep a node's ruleset right, continuously.")
		.addHelpText('after', HELP)
		.allowExcessArguments()
		.option('--node <name>', 'the node this runs on', readNodeName)
		.option('--once', 'end after the first synchronisation', false)
		.option('--dry-run', 'print transactions on standard output instead of making them', false)
		.option('--check', 'let nft check each transaction before it is made', false)
		.option('--cleanup', 'remove the tables and the saved state, and end', false)
		.addOption(
			new Option('--min-sync-period <time>', 'at least so long between two synchronisations: 500ms, 1s, 0')
				.default(1000, '1s')
				.argParser(readTime),
		)
		.addOption(
			new Option('--verify-period <time>', 'how often the whole tables are read back and compared')
				.default(25_000, '25s')
				.argParser(readTime),
		)
		.action((options: AgentOptions, { args }: Command) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { agentCommand } = await import('./agent.ts');
				return agentCommand(agentRequest(options, args), world);
			}),
		);
	addNetworkOptions(command)
		.optionsGroup('Around it:')
		.addOption(
			new Option(
				'--healthz-bind-address <address>',
				'where /healthz, /livez, /readyz and the status page are; "" for nowhere',
			)
				.default(readBindAddress(HEALTH_PORT)('0.0.0.0:10256'), '0.0.0.0:10256')
				.argParser(readBindAddress(HEALTH_PORT)),
		)
		.addOption(
			new Option('--metrics-bind-address <address>', 'where /metrics is; "" for nowhere')
				.default(readBindAddress(METRICS_PORT)('127.0.0.1:10249'), '127.0.0.1:10249')
				.argParser(readBindAddress(METRICS_PORT)),
		)
		.option('--state-dir <folder>', 'where the last good state is kept', '/var/lib/nft-gen')
		.addOption(new Option('--log-format <format>', 'for people or programs').choices(['text', 'json']).default('json'))
		.addOption(
			new Option('--log-level <level>', 'what is worth a line')
				.choices(['debug', 'info', 'warn', 'error'])
				.default('info'),
		)
		.option('--nft <program>', 'the program nft', 'nft')
		.option('--conntrack <program>', 'the program conntrack', 'conntrack');
}

function agentRequest(options: AgentOptions, stray: readonly string[]): AgentRequest {
	const { node = '' } = options;
	return { ...options, ...inputRequest({ ...options, node, filename: [] }, stray), isNodeGiven: node !== '' };
}

/** kube-proxy's own ports (kube-proxy `pkg/cluster/ports/ports.go`). */
const HEALTH_PORT = 10256;
const METRICS_PORT = 10249;

function readBindAddress(defaultPort: number): (text: string) => BindAddress | 'off' {
	return (text) => {
		const parsed = parseBindAddress(text, defaultPort);
		if (parsed === null) throw new InvalidArgumentError('It wants ADDRESS:PORT, such as 0.0.0.0:10256 or [::1]:10256.');
		return parsed;
	};
}

const UNITS: ReadonlyMap<string, number> = new Map([
	['', 1000],
	['ms', 1],
	['s', 1000],
	['m', 60_000],
]);

/** A time as Kubernetes' programs take it, in milliseconds; a bare number is seconds. */
function readTime(text: string): number {
	const [, amount = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|)$/.exec(text) ?? [];
	const factor = UNITS.get(unit);
	if (amount === '' || factor === undefined) throw new InvalidArgumentError('It wants a time such as 1s, 500ms or 0.');
	return Number(amount) * factor;
}
