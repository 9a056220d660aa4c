import { MAP } from '../../compile/names.ts';
import { servicePortName } from '../../model/cluster-state.ts';
import { socketText } from '../../model/ip.ts';
import type { ServicePortView } from '../../model/node-view.ts';
import type { Chain, Rule, Table } from '../../model/ruleset.ts';
import { targetsOf } from './chain-graph.ts';
import type { Lint, Linted } from './lint.ts';

/** Finds addresses of service ports that no map leads on from, and names in rules and maps that nothing has. */
export function missingDispatch(linted: Linted): readonly Lint[] {
	const names = namesOf(linted.table);
	return [
		...linted.servicePorts.flatMap((port) => missingAddresses(port, linted.table)),
		...linted.table.chains.flatMap((chain) => missingNames(chain, linted.table, names)),
	];
}

function missingAddresses(port: ServicePortView, table: Table): readonly Lint[] {
	const { clusterIp, externalIps, loadBalancerIps, protocol } = port;
	const addresses = [...(clusterIp === null ? [] : [clusterIp]), ...externalIps, ...loadBalancerIps];
	const services = keysOf(table, MAP.services, MAP.noEndpoints);
	const missing = addresses
		.filter((address) => !services.has([address, protocol, String(port.port)].join(' ')))
		.map((address) => `${socketText(address, port.port)}/${protocol}`);
	const nodePorts = keysOf(table, MAP.nodePorts, MAP.nodePortsWithoutEndpoints);
	const isMissing = port.nodePort !== null && !nodePorts.has([protocol, String(port.nodePort)].join(' '));
	return [...missing, ...(isMissing ? [`NodePort ${port.nodePort}/${protocol}`] : [])].map((what) => ({
		id: 'missing-dispatch',
		owner: port.id,
		sentence: `no map has an element for ${what} of ${servicePortName(port.id)}`,
	}));
}

function keysOf({ maps }: Table, ...names: readonly string[]): ReadonlySet<string> {
	const found = maps.filter(({ name }) => names.includes(name));
	return new Set(found.flatMap(({ elements }) => elements.map(({ key }) => key.join(' '))));
}

/** What can be named in a table. */
interface Names {
	readonly chains: ReadonlySet<string>;
	readonly maps: ReadonlySet<string>;
	readonly sets: ReadonlySet<string>;
}

function namesOf({ chains, maps, sets }: Table): Names {
	const names = (list: readonly { readonly name: string }[]) => new Set(list.map(({ name }) => name));
	return { chains: names(chains), maps: names(maps), sets: names(sets) };
}

function missingNames(chain: Chain, table: Table, names: Names): readonly Lint[] {
	const missing = [
		...targetsOf(chain, table)
			.filter((name) => !names.chains.has(name))
			.map((name) => `chain ${name}`),
		...chain.rules.flatMap((rule) => missingInRule(rule, names)),
	];
	return [...new Set(missing)].map((what) => ({
		id: 'missing-dispatch',
		owner: chain.owner,
		sentence: `chain ${chain.name} leads to ${what}, which the table does not have`,
	}));
}

function missingInRule({ when, then }: Rule, { maps, sets }: Names): readonly string[] {
	const asked = [
		...when.flatMap((match) => (match.kind === 'member' ? [match.set] : [])),
		...then.flatMap((action) => (action.kind === 'remember' ? [action.set] : [])),
	];
	const dispatched = then.flatMap((action) => (action.kind === 'dispatch' ? [action.map] : []));
	return [
		...asked.filter((name) => !sets.has(name)).map((name) => `set ${name}`),
		...dispatched.filter((name) => !maps.has(name)).map((name) => `map ${name}`),
	];
}
