import type { ClientClass, FlowChange, Frontend, Treatment } from '../../src/model/change-set.ts';

export const REFUSED: Treatment = { kind: 'refused', endpoints: [], affinitySeconds: null };

/** Endpoints of equal shares, that see the client. */
export function endpoints(...targets: readonly string[]): Treatment {
	const share = targets.length === 1 ? '1' : `1/${targets.length}`;
	return {
		kind: 'endpoints',
		endpoints: targets.map((target) => ({ target, share, masqueraded: false })),
		affinitySeconds: null,
	};
}

interface Parts {
	readonly frontend?: Partial<Frontend>;
	readonly client?: Partial<ClientClass>;
	readonly nodes?: readonly string[];
	readonly before?: Treatment;
	readonly after?: Treatment;
}

/** A pod that is refused at a ClusterIP after a change, on n1, or anything else. */
export function flowChange({ frontend, client, ...others }: Parts = {}): FlowChange {
	return {
		owner: { namespace: 'shop', service: 'web', port: 'http' },
		frontend: { kind: 'cluster-ip', family: 'ip', address: '10.96.0.10', port: 80, protocol: 'tcp', ...frontend },
		client: { kind: 'pod', allowedBefore: null, allowedAfter: null, witness: '10.244.1.9', ...client },
		nodes: ['n1'],
		before: endpoints('10.244.1.5:80', '10.244.2.5:80'),
		after: REFUSED,
		...others,
	};
}
