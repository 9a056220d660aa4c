import { describe, expect, it } from 'vitest';
import type { FlowChange } from '../../src/model/change-set.ts';
import { NO_SYMBOLS } from '../../src/model/symbols.ts';
import { REPLAY_LIMITS, replayPlan, type Sendable } from '../../src/proof/replay-plan.ts';
import { endpoints, flowChange } from './flow-changes.ts';

const ALL: Sendable = { symbols: NO_SYMBOLS, detectLocal: { mode: 'cluster-cidr' } };
const SYMBOLS = {
	addresses: new Map([
		['240.0.0.1', '‹clusterIP of shop/web›'],
		['100::1', '‹pod shop/web #0›'],
	]),
	nodePorts: new Map([[65535, '‹nodePort of shop/web:http›']]),
};

/** How many flows each node gets. */
function counts(flows: readonly FlowChange[], preferred: readonly string[], limits = REPLAY_LIMITS) {
	const { nodes, skipped } = replayPlan(flows, preferred, ALL, limits);
	return { nodes: [...nodes].map(([name, own]) => `${name}: ${own.length}`), skipped };
}

describe('the plan of a replay', () => {
	it('takes one node for each flow, as few as that takes, those that stand for others first', () => {
		const flows = [
			flowChange({ nodes: ['n1', 'n2', 'n3'] }),
			flowChange({ nodes: ['n1', 'n3'] }),
			flowChange({ nodes: ['n2'] }),
		];
		expect(counts(flows, ['n3', 'n1'])).toEqual({ nodes: ['n2: 1', 'n3: 2'], skipped: [] });
		expect(counts(flows, [])).toEqual({ nodes: ['n1: 2', 'n2: 1'], skipped: [] });
	});

	it('counts what is above its limits', () => {
		const flows = [1, 2, 3].flatMap((number) => [1, 2].map(() => flowChange({ nodes: [`n${number}`] })));
		const skipped = (count: number) => [{ reason: 'left out, for there are too many to send', count }];
		expect(counts(flows, [], { nodes: 2, flows: 5 })).toEqual({ nodes: ['n1: 2', 'n2: 2'], skipped: skipped(2) });
		expect(counts(flows, [], { nodes: 5, flows: 1 })).toEqual({
			nodes: ['n1: 1', 'n2: 1', 'n3: 1'],
			skipped: skipped(3),
		});
	});

	const ASSIGNED = 'cannot be sent: an address or port is yet to be assigned';
	const POD = "cannot be sent: they come by a pod's interface";
	it.each<readonly [string, FlowChange, Partial<Sendable>, string]>([
		['an address', flowChange({ frontend: { address: '240.0.0.1' } }), { symbols: SYMBOLS }, ASSIGNED],
		[
			'a NodePort',
			flowChange({ frontend: { kind: 'node-port', address: null, port: 65535 } }),
			{ symbols: SYMBOLS },
			ASSIGNED,
		],
		[
			'an endpoint',
			flowChange({ frontend: { family: 'ip6' }, after: endpoints('[100::1]:80') }),
			{ symbols: SYMBOLS },
			ASSIGNED,
		],
		['SCTP', flowChange({ frontend: { protocol: 'sctp' } }), {}, 'cannot be sent: there are no sockets for SCTP'],
		['a bridge', flowChange(), { detectLocal: { mode: 'bridge', interface: 'br0' } }, POD],
		[
			'a prefix',
			flowChange({ client: { kind: 'endpoint' } }),
			{ detectLocal: { mode: 'prefix', interface: 'cali' } },
			POD,
		],
		[
			'a source',
			flowChange({ client: { kind: 'outside', witness: '127.0.0.1' } }),
			{},
			'cannot be sent: nobody can send from such an address',
		],
	])('skips what cannot be sent, and says why: %s', (_what, flow, sendable, reason) => {
		const { nodes, skipped } = replayPlan([flow], [], { ...ALL, ...sendable });
		expect([nodes.size, skipped]).toEqual([0, [{ reason, count: 1 }]]);
	});

	it('sends to a port of a ClusterIP that is a symbol elsewhere', () => {
		const { nodes } = replayPlan([flowChange({ frontend: { port: 65535 } })], [], { ...ALL, symbols: SYMBOLS });
		expect(nodes.size).toBe(1);
	});
});
