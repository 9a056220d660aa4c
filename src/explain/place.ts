import type { Behaviour } from '../model/behaviour.ts';
import type { ClusterState, Endpoint, Node } from '../model/cluster-state.ts';
import { byFamily, type Cidr, type IpFamily } from '../model/ip.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { nodePortNetworks, placeOf, podDetection } from '../view/node-view.ts';
import type { Here } from '../view/service-port-view.ts';

/** All that decides about a service port in one family beside the Service: the node and the network. */
export interface Place {
	readonly here: Here;
	readonly behaviour: Behaviour;
	/** whether pods can be told from other clients */
	readonly podsKnown: boolean;
	readonly masqueradeAll: boolean;
	/** where NodePorts answer; null is every address of the node but loopback */
	readonly nodePortNetworks: readonly Cidr[] | null;
}

/** The places of a cluster. */
export interface Places {
	/** @param node a name; one that no Node has gets what the settings say */
	readonly at: (node: string, family: IpFamily) => Place;
	/** as the slice says, else that of the node it is on; null where neither says */
	readonly zoneOf: (endpoint: Endpoint) => string | null;
}

/** Prepares the places of a cluster; what all nodes share is found out once. */
export function placesOf(state: ClusterState, network: NetworkSettings): Places {
	const nodes = new Map(state.nodes.map((node) => [node.name, node]));
	const podsKnown = podsOf(state, network);
	return {
		at: (name, family) => {
			const node = nodes.get(name) ?? null;
			const settings = { ...network, node: name };
			const here = placeOf(settings, node, family);
			return {
				here,
				behaviour: network.behaviour,
				podsKnown: podsKnown(node, family),
				masqueradeAll: network.masqueradeAll,
				nodePortNetworks: nodePortNetworks(settings, family, here.primaryIp),
			};
		},
		zoneOf: (endpoint) => endpoint.zone ?? nodes.get(endpoint.node ?? '')?.zone ?? null,
	};
}

/** Only the mode node-cidr knows pods by the node they are on; all others ask the whole cluster, or nobody. */
function podsOf(state: ClusterState, network: NetworkSettings): (node: Node | null, family: IpFamily) => boolean {
	const isKnown = (node: Node | null, family: IpFamily) => {
		return podDetection(state, { ...network, node: node?.name ?? '' }, node, family) !== null;
	};
	if (network.detectLocal.mode === 'node-cidr') return isKnown;
	const shared = byFamily((family) => isKnown(null, family));
	return (_node, family) => shared[family];
}
