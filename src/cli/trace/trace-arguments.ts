import { type Command, Option } from 'commander';
import type { IpFamily } from '../../model/ip.ts';
import type { ClientName, DestinationName } from '../../trace/ends.ts';
import { addInputOptions, addNetworkOptions, inputRequest, type NodeOptions } from '../network-options.ts';
import { readClient, readDestination, readFamily } from '../read-ends.ts';
import type { Perform } from '../world.ts';
import type { TraceRequest } from './trace.ts';

/** Ways to use it. */
export const TRACE_EXAMPLES = `
  nft-gen trace --node n1 --from pod:shop/cart-0 --to svc:shop/web:http -f cluster/
  nft-gen trace --node n1 --from external --to nodeport:30080 -f cluster/`;

const HELP = `
--from  pod:NAMESPACE/NAME    a Pod behind a Service
        node                  a process of the node itself
        external              somebody outside the cluster
        ip:ADDRESS            whoever has the address
--to    svc:NAMESPACE/NAME:PORT   a Service's ClusterIP; the port by name or number, or left out where there is but one
        lb:NAMESPACE/NAME:PORT    its first load-balancer address
        nodeport:PORT             the node's primary address
        ip:ADDRESS:PORT           any address; IPv6 as ip:[fd00::1]:80

/udp and /sctp after a port say the protocol where it is not tcp. Without a namespace it is "default".
The first packet of a new connection is followed, through the same rules that render prints; no packet is sent.

Examples:${TRACE_EXAMPLES}

Exit codes: 0 done, whatever becomes of the packet; 1 failed, or there is no such name; 64 the command line is wrong.
`;

interface TraceOptions extends NodeOptions {
	readonly from: ClientName;
	readonly to: DestinationName;
	readonly family: IpFamily | null;
	readonly format: TraceRequest['format'];
}

/** Adds the command `trace` to the program. */
export function addTrace(program: Command, perform: Perform): void {
	const command = program
		.command('trace')
		.description(
			'Tell what becomes of a connection at a node: every outcome, how likely it is, and which rules say so.',
		)
		.addHelpText('after', HELP)
		.allowExcessArguments()
		.action((options: TraceOptions, { args }: Command) =>
			perform(async (world) => {
				// Loaded here only: other commands do without.
				const { traceCommand } = await import('./trace.ts');
				return traceCommand(traceRequest(options, args), world);
			}),
		);
	addInputOptions(command)
		.requiredOption('--from <client>', 'who opens the connection', readClient)
		.requiredOption('--to <destination>', 'where it goes', readDestination)
		.addOption(
			new Option('--family <family>', 'ipv4 or ipv6').default(null, 'each that both ends have').argParser(readFamily),
		)
		.addOption(new Option('--format <format>', 'for people or programs').choices(['text', 'json']).default('text'));
	addNetworkOptions(command);
}

function traceRequest(options: TraceOptions, stray: readonly string[]): TraceRequest {
	const { from: client, to: destination, family, format } = options;
	return { ...inputRequest(options, stray), question: { client, destination, family }, format };
}
