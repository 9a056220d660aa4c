import fc from 'fast-check';
import type { CheckPlaces, CheckReport, CheckResult } from '../../src/model/check-report.ts';
import { HOSTILE_TEXTS, origin } from './change-sets.ts';

/** A result, of a failed trap unless told otherwise. */
export function result(more: Partial<CheckResult> = {}): CheckResult {
	return {
		id: 'external-local-gap',
		level: 'policy',
		severity: 'warn',
		status: 'failed',
		object: 'Service shop/web',
		sentence: 'externalTrafficPolicy Local drops what comes from outside on 2 of 3 nodes: no endpoint is there',
		origin: null,
		nodes: ['n2', 'n3'],
		hint: null,
		witness: null,
		fingerprint: 'a3f8c21b9d04',
		...more,
	};
}

/** A report of such results. */
export function checkReport(more: Partial<CheckReport> = {}): CheckReport {
	return {
		source: 'deploy',
		release: '1.37',
		nodes: 3,
		services: 8,
		levels: [
			{ level: 'input', state: 'run', reason: null },
			{ level: 'policy', state: 'run', reason: null },
			{ level: 'assertion', state: 'run', reason: null },
			{ level: 'kernel', state: 'not-asked', reason: 'no --kernel' },
		],
		results: [],
		gaps: [],
		...more,
	};
}

/** One of everything that can be told. */
export function wholeReport(): { readonly report: CheckReport; readonly places: CheckPlaces } {
	const place = origin('deploy/web.yaml', 'spec', 'externalTrafficPolicy');
	const results = [
		result({
			id: 'input',
			level: 'input',
			severity: 'error',
			status: 'ok',
			object: null,
			sentence: 'nothing is wrong with the input',
			nodes: [],
		}),
		result({ origin: place, hint: 'a load balancer leaves these nodes out' }),
		result({
			id: 'selector-matches-nothing',
			status: 'skipped',
			object: null,
			sentence: 'no Pod is in the input',
			nodes: [],
		}),
		result({
			id: 'assertion',
			level: 'assertion',
			severity: 'error',
			object: 'web is reachable',
			sentence: 'pod:any to svc:shop/web: expected delivered, and it is refused',
			origin: { file: 'assert.yaml', offset: 2 },
			witness: {
				node: 'n2',
				connection: 'any pod (10.244.1.1) → shop/web:http (10.96.0.20:80/tcp)',
				outcome: 'refused',
				command: ['nft-gen', 'trace', '--node', 'n2', '--to', 'svc:shop/web', '-f', 'my deploy'],
			},
		}),
	];
	return { report: checkReport({ results }), places: new Map([[place, { line: 13, column: 26 }]]) };
}

const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary' }), fc.string());

const arbitraryResult: fc.Arbitrary<CheckResult> = fc.record({
	id: text,
	level: fc.constantFrom('input', 'policy', 'assertion'),
	severity: fc.constantFrom('error', 'warn', 'info'),
	status: fc.constantFrom('failed', 'ok', 'skipped'),
	object: fc.option(text),
	sentence: text,
	origin: fc.option(fc.record({ file: text, offset: fc.nat() })),
	nodes: fc.array(text, { maxLength: 5 }),
	hint: fc.option(text),
	witness: fc.option(
		fc.record({ node: text, connection: text, outcome: text, command: fc.option(fc.array(text, { maxLength: 3 })) }),
	),
	fingerprint: fc.constant('a3f8c21b9d04'),
});

/** Reports whose every text can be anything. */
export const arbitraryReport: fc.Arbitrary<CheckReport> = fc
	.record({
		source: text,
		gaps: fc.array(text, { maxLength: 2 }),
		results: fc.array(arbitraryResult, { maxLength: 6 }),
	})
	.map(checkReport);
