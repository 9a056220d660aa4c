import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { diffFormat, diffSchema, FORMAT_VERSION } from '../../src/report/json-format.ts';
import { arbitraryPreview, type Preview, shopPreview } from '../support/change-sets.ts';

function json({ changes, places, gates }: Preview): unknown {
	return JSON.parse(jsonReport(changes, places, gates, '0.1.0'));
}

describe('the report for programs', () => {
	it('has all that was found', () => {
		const document = diffFormat.parse(json(shopPreview()));
		expect(document).toMatchObject({
			format_version: '1.0',
			tool_version: '0.1.0',
			complete: true,
			base: { source: 'git:main:deploy', commit: '4c1f9e2aa0b1c2d3e4f5061728394a5b6c7d8e9f' },
			head: { source: 'deploy', commit: null },
			inputs: {
				kubernetes_version: '1.37',
				nodes: 200,
				services: 1284,
				endpoints: { manifests: 0, captured: 1283, recomputed: 1, unknown: 0 },
			},
			summary: {
				error: 1,
				warn: 2,
				info: 1,
				waived: 0,
				services: { changed: 4, unchanged: 1280 },
				flow_classes: { total: 102600, changed: 618 },
				untouched_rules: 25417,
			},
			gates: [{ gate: '--fail-on error', sentence: '1 error was found' }],
			gaps: [],
		});
		expect(document.cohorts[1]).toEqual({
			id: 'B',
			node_count: 4,
			nodes: ['n101', 'n17', 'n42', 'n88'],
			node_ranges: 'n[17,42,88,101]',
			label_selector: 'pool=edge',
			representative: 'n101',
			changes: ['0c77d1e9b3fa', '71be02aa5510', 'a3f8c21b9d04', 'e5d0417c22ab'],
			rules: { added: 36, removed: 12 },
			text: '@@ chain external/edge/ingress/https @@\n-\tgoto local/edge/ingress/https\n',
		});
		expect(document.changes[1]).toMatchObject({
			fingerprint: '0c77d1e9b3fa',
			id: 'client-ip-hidden',
			severity: 'warn',
			object: { kind: 'Service', namespace: 'edge', name: 'ingress', port: 'https' },
			cohorts: ['B'],
			witness: { node: 'n101', source: '203.0.113.1', destination: null, port: 31443, protocol: 'tcp' },
			cause: [
				{
					object: 'Service edge/ingress',
					path: 'spec.externalTrafficPolicy',
					before: 'Local',
					after: 'Cluster',
					base: { file: 'deploy/edge.yaml', line: 22, column: 26 },
					head: { file: 'deploy/edge.yaml', line: 22, column: 26 },
				},
			],
			flows: [{ frontend: { kind: 'node-port', family: 'ipv4' }, after: { endpoints: [{ masqueraded: true }, {}] } }],
		});
	});

	it('says that it is not complete where something is not known', () => {
		const { changes, ...rest } = shopPreview();
		expect(json({ ...rest, changes: { ...changes, gaps: ['x'] } })).toMatchObject({ complete: false, gaps: ['x'] });
	});

	it('has the fields of the schema and no others, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryPreview, (preview) => {
				const document = json(preview);
				expect(diffFormat.parse(document)).toEqual(document);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the schema', () => {
	it('is shipped as the report is checked by it', () => {
		expect(readFileSync(`schema/diff-${FORMAT_VERSION}.schema.json`, 'utf8')).toBe(diffSchema());
	});

	it('lets later versions add fields', () => expect(diffSchema()).not.toContain('additionalProperties'));

	it('refuses a document that lacks a field', () => {
		const { gaps: _gaps, ...document } = diffFormat.parse(json(shopPreview()));
		expect(diffFormat.safeParse(document).success).toBe(false);
	});
});
