import { describe, expect, it } from 'vitest';
import { read } from '../support/intake.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { withoutNodes } from '../support/problems.ts';

/** The Pod of the only endpoint, whose slice refers to it so. */
function podOf(targetRef: unknown) {
	const one = { ...endpoint({ address: '10.244.1.5', node: 'n1' }), targetRef };
	const { state, problems } = read(service('web', ['10.96.0.20']), slice('web', [one]));
	expect(withoutNodes(problems)).toEqual([]);
	const [found] = state.services[0]?.ports[0]?.endpoints.ip ?? [];
	expect(found?.address).toBe('10.244.1.5');
	return found?.pod;
}

describe('the Pod behind an endpoint', () => {
	it('is the one its targetRef names', () => {
		const reference = { kind: 'Pod', namespace: 'shop', name: 'web-7d9f.0', uid: 'x' };
		expect(podOf(reference)).toEqual({ namespace: 'shop', name: 'web-7d9f.0' });
	});

	it.each([
		[undefined],
		[null],
		['shop/web-0'],
		[7],
		[[]],
		[{}],
		[{ kind: 'Node', namespace: 'shop', name: 'web-0' }],
		[{ kind: 'Pod', name: 'web-0' }],
		[{ kind: 'Pod', namespace: 'shop' }],
		[{ kind: 'Pod', namespace: 'shop', name: 'web 0' }],
		[{ kind: 'Pod', namespace: '\u001b[31m', name: 'web-0' }],
		[{ kind: 'Pod', namespace: 'shop', name: 5 }],
	])('is nobody where it says %j, and that is no problem: no rule is made of it', (reference) => {
		expect(podOf(reference)).toBe(null);
	});
});
