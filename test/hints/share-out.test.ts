import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../src/hints/allocation.ts';
import { type Hintable, shareOut } from '../../src/hints/share-out.ts';
import { type NodeCapacity, zoneShares } from '../../src/hints/zone-shares.ts';

const WORKERS_ONLY = { withoutControlPlane: true };

/** `a:4` four ready endpoints in zone a; `a:-1` one that is not ready. */
function endpoints(spec: Readonly<Record<string, number>>): readonly Hintable[] {
	return Object.entries(spec).flatMap(([zone, count]) =>
		Array.from({ length: Math.abs(count) }, () => ({ zone, ready: count > 0 })),
	);
}

function shares(spec: Readonly<Record<string, number>>) {
	return zoneShares(
		Object.entries(spec).map(([zone, milliCpu]) => ({ zone, milliCpu, ready: true, controlPlane: false })),
		WORKERS_ONLY,
	);
}

function counted(hints: ReturnType<typeof shareOut>) {
	if (typeof hints === 'string') return hints;
	const counts: Record<string, number> = {};
	for (const hint of hints) if (hint !== null) counts[hint] = (counts[hint] ?? 0) + 1;
	return counts;
}

const HALVES = { a: 1000, b: 1000 };

describe('the shares of zones', () => {
	const worker: NodeCapacity = { zone: 'a', milliCpu: 1000, ready: true, controlPlane: false };

	it('are those of the allocatable CPU of ready workers', () => {
		const nodes = [worker, { ...worker, zone: 'b', milliCpu: 3000 }, { ...worker, zone: 'c', controlPlane: true }];
		expect(zoneShares(nodes, WORKERS_ONLY)).toEqual(
			new Map([
				['a', 0.25],
				['b', 0.75],
			]),
		);
		expect(zoneShares([...nodes, { ...worker, zone: 'd', ready: false }], WORKERS_ONLY)?.size).toBe(2);
	});

	it('are unknown with one zone, or a worker without zone or CPU', () => {
		expect(zoneShares([worker], WORKERS_ONLY)).toBeNull();
		expect(zoneShares([worker, { ...worker, zone: 'b' }, { ...worker, zone: null }], WORKERS_ONLY)).toBeNull();
		expect(zoneShares([worker, { ...worker, zone: 'b', milliCpu: 0 }], WORKERS_ONLY)).toBeNull();
	});
});

describe('topology-mode Auto', () => {
	it('EC-56: three endpoints over two equal zones would overload one: no hints', () => {
		expect(shareOut(endpoints({ a: 2, b: 1 }), shares(HALVES))).toBe(
			'3 ready endpoints over 2 zones would overload some',
		);
	});

	it('EC-57: seven endpoints, four and three, all serve their own zone', () => {
		expect(counted(shareOut(endpoints({ a: 4, b: 3 }), shares(HALVES)))).toEqual({ a: 4, b: 3 });
	});

	it('EC-58: of six endpoints in one zone three serve the other', () => {
		expect(counted(shareOut(endpoints({ a: 6 }), shares(HALVES)))).toEqual({ a: 3, b: 3 });
	});

	it('gives no hints where an endpoint has no zone, and none to endpoints that are not ready', () => {
		expect(shareOut([...endpoints({ a: 3, b: 2 }), { zone: null, ready: true }], shares(HALVES))).toBe(
			'a ready endpoint has no zone',
		);
		expect(shareOut(endpoints({ a: 2, b: 2, c: -1 }), shares(HALVES))).toEqual(['a', 'a', 'b', 'b', null]);
	});

	// Reference 8.5: the numbers of endpoints, up to 60, that cannot be shared out.
	it.each([
		[{ a: 1, b: 1 }, [1, 3, 5]],
		[{ a: 1, b: 1, c: 1 }, [1, 2, 4, 5, 8, 11]],
		[{ a: 2, b: 1, c: 1 }, [1, 2, 3, 5, 6, 10]],
		[{ a: 4, b: 1 }, [1, 2, 3, 6]],
		[{ a: 2, b: 1 }, [1, 2, 4]],
	])('with CPU %j cannot share out %j endpoints, and can all others', (cpu, impossible) => {
		const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
		expect(numbers.filter((total) => typeof allocate(total, shares(cpu)) === 'string')).toEqual(impossible);
	});

	const states = fc.record({
		cpu: fc.record({
			a: fc.integer({ min: 1, max: 9 }),
			b: fc.integer({ min: 1, max: 9 }),
			c: fc.integer({ min: 1, max: 9 }),
		}),
		where: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
	});

	it('hints every ready endpoint for one zone, comes near what each desires, and no zone both gives and takes', () => {
		fc.assert(
			fc.property(states, ({ cpu, where }) => {
				const hints = shareOut(
					where.map((zone) => ({ zone, ready: true })),
					shares(cpu),
				);
				const allocations = allocate(where.length, shares(cpu));
				if (typeof hints === 'string' || typeof allocations === 'string') {
					expect(typeof hints).toBe(typeof allocations);
					return;
				}
				expect(hints.every((hint) => hint !== null)).toBe(true);
				const counts = counted(hints) as Record<string, number>;
				for (const [zone, { desired }] of allocations)
					expect(Math.abs((counts[zone] ?? 0) - desired)).toBeLessThan(1.5);
				const gave = new Set(where.filter((zone, index) => hints[index] !== zone));
				const took = new Set(hints.filter((zone, index) => where[index] !== zone));
				expect([...gave].filter((zone) => took.has(zone))).toEqual([]);
			}),
			{ numRuns: 2000 },
		);
	});
});
