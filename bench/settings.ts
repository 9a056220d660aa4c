import type { Settings } from '../src/model/settings.ts';
import { NEWEST_BEHAVIOUR } from '../src/versions/behaviour.ts';
import { NODE } from './workshop.ts';

/** What `nft-gen agent --node n1` works with, nothing else being said. */
export const SETTINGS: Settings = {
	node: NODE,
	families: ['ip', 'ip6'],
	table: 'nft-gen',
	clusterCidrs: [],
	serviceCidrs: [],
	nodePortAddresses: { primary: true, networks: [] },
	behaviour: NEWEST_BEHAVIOUR,
	hints: 'as-is',
	masqueradeAll: false,
	masqueradeBit: 14,
	detectLocal: { mode: 'cluster-cidr' },
	nodeIps: { ip: [], ip6: [] },
	zone: null,
};
