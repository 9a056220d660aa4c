import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sarifReport } from '../../src/report/sarif.ts';
import { arbitraryPreview, changeSet, finding, origin, type Preview, shopPreview } from '../support/change-sets.ts';

/** What GitHub asks for, from its page on SARIF support for code scanning. */
const format = z.strictObject({
	$schema: z.string(),
	version: z.literal('2.1.0'),
	runs: z.tuple([
		z.strictObject({
			tool: z.strictObject({
				driver: z.strictObject({
					name: z.literal('nft-gen'),
					semanticVersion: z.string(),
					rules: z.array(
						z.strictObject({ id: z.string().max(255), shortDescription: z.strictObject({ text: z.string() }) }),
					),
				}),
			}),
			results: z.array(
				z.strictObject({
					ruleId: z.string(),
					ruleIndex: z.int().nonnegative(),
					level: z.enum(['error', 'warning', 'note']),
					message: z.strictObject({ text: z.string().min(1) }),
					locations: z.tuple([
						z.strictObject({
							physicalLocation: z.strictObject({
								artifactLocation: z.strictObject({
									uri: z.string().regex(/^[\w.%-]+(?:\/[\w.%-]+)*$/),
									uriBaseId: z.literal('%SRCROOT%'),
								}),
								region: z.strictObject({ startLine: z.int().positive(), startColumn: z.int().positive() }),
							}),
						}),
					]),
					partialFingerprints: z.strictObject({ 'nftgen/v1': z.string() }),
					suppressions: z.array(z.strictObject({ kind: z.literal('external'), justification: z.string() })).optional(),
				}),
			),
		}),
	]),
});

function sarif({ changes, places }: Preview) {
	return format.parse(JSON.parse(sarifReport(changes, places, '0.1.0'))).runs[0];
}

describe('the report for code scanning', () => {
	it('has findings at the lines that cause them', () => {
		const { tool, results } = sarif(shopPreview());
		expect(tool.driver.rules.map(({ id }) => id)).toEqual([
			'client-ip-hidden',
			'endpoints-added',
			'newly-exposed-nodeport',
			'service-blackholed',
		]);
		expect(results.map(({ level }) => level)).toEqual(['error', 'warning', 'warning', 'note']);
		expect(results[0]).toMatchObject({
			ruleId: 'service-blackholed',
			ruleIndex: 3,
			partialFingerprints: { 'nftgen/v1': 'a3f8c21b9d04' },
			locations: [
				{
					physicalLocation: {
						artifactLocation: { uri: 'deploy/web.yaml' },
						region: { startLine: 14, startColumn: 10 },
					},
				},
			],
		});
	});

	it.each([
		['no cause', []],
		['a cause outside the repository', [origin('/etc/web.yaml')]],
	])('has a place even with %s', (_what, heads) => {
		const causes = heads.map((head) => ({ object: 'x', path: '', before: null, after: null, base: null, head }));
		const { results } = sarif({
			changes: changeSet({ findings: [finding({ causes })] }),
			places: new Map(),
			gates: [],
		});
		expect(results[0]?.locations[0].physicalLocation).toEqual({
			artifactLocation: { uri: 'README.md', uriBaseId: '%SRCROOT%' },
			region: { startLine: 1, startColumn: 1 },
		});
	});

	it('suppresses what is waived', () => {
		const waiver = { reason: 'moves', until: '2026-12-31' };
		const { results } = sarif({
			changes: changeSet({ findings: [finding({ waiver })] }),
			places: new Map(),
			gates: [],
		});
		expect(results[0]).toMatchObject({ level: 'note', suppressions: [{ justification: 'moves (until 2026-12-31)' }] });
	});

	it('is of the form that GitHub takes, and has no link of somebody else, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryPreview, (preview) => {
				for (const { message } of sarif(preview).results) expect(message.text).not.toMatch(/(?<!\\)[[\]]/);
			}),
			{ numRuns: 200 },
		);
	});
});
