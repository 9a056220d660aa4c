import { describe, expect, it } from 'vitest';
import type { EndpointShare, Treatment } from '../../src/model/change-set.ts';
import type { ProbeAnswer } from '../../src/model/probe.ts';
import { expectationOf, outcomeOf } from '../../src/proof/expectation.ts';

const share = (target: string, of: string, masqueraded = false): EndpointShare => ({ target, share: of, masqueraded });
const treated = (kind: Treatment['kind'], ...endpoints: readonly EndpointShare[]): Treatment => ({
	kind,
	endpoints,
	affinitySeconds: null,
});
const FROM_NETWORK = { from: 'network', address: '10.96.0.10', port: 80 } as const;
const FROM_NODE = { ...FROM_NETWORK, from: 'node' } as const;
const TWO = [share('10.244.2.5:80', '3/4', true), share('10.244.1.5:80', '1/4')];

describe('what probes are expected to tell', () => {
	it.each<readonly [Treatment, typeof FROM_NETWORK | typeof FROM_NODE, readonly string[], number]>([
		[treated('refused'), FROM_NETWORK, ['refused'], 1],
		[treated('dropped'), FROM_NODE, ['dropped'], 1],
		[treated('untouched'), FROM_NETWORK, ['10.96.0.10:80, sees the client'], 1],
		[
			treated('endpoints', ...TWO),
			FROM_NETWORK,
			['10.244.1.5:80, sees the client', '10.244.2.5:80, sees the node'],
			0.25,
		],
		// Masqueraded or not, endpoints see the node of the node.
		[treated('endpoints', ...TWO), FROM_NODE, ['10.244.1.5:80, sees the node', '10.244.2.5:80, sees the node'], 0.25],
	])('%j: what is seen %j', (treatment, probe, outcomes, least) => {
		expect(expectationOf(treatment, probe)).toEqual({ outcomes, least });
	});

	it.each<readonly [ProbeAnswer, string]>([
		[{ kind: 'refused' }, 'refused'],
		[{ kind: 'silence' }, 'dropped'],
		[{ kind: 'failed', why: 'bind EACCES' }, 'not sent: bind EACCES'],
		[{ kind: 'answered', by: '[fd00::5]:80', source: '10.244.1.9' }, '[fd00::5]:80, sees the client'],
		[{ kind: 'answered', by: '10.244.1.5:80', source: '192.168.10.1' }, '10.244.1.5:80, sees the node'],
		[{ kind: 'answered', by: '10.244.1.5:80', source: '192.0.2.1' }, '10.244.1.5:80, sees 192.0.2.1'],
	])('%j is told as %s', (answer, outcome) => {
		expect(outcomeOf(answer, '10.244.1.9', ['192.168.10.1'])).toBe(outcome);
	});
});
