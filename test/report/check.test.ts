import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { failing } from '../../src/check/gates.ts';
import { CHECK_FORMAT_VERSION, checkFormat, checkSchema } from '../../src/report/check-format.ts';
import { checkJsonReport } from '../../src/report/check-json.ts';
import { checkJunitReport } from '../../src/report/check-junit.ts';
import { checkSarifReport } from '../../src/report/check-sarif.ts';
import { checkTapReport } from '../../src/report/check-tap.ts';
import { checkTextReport } from '../../src/report/check-text.ts';
import { arbitraryReport, checkReport, result, wholeReport } from '../support/check-reports.ts';

const { report: WHOLE, places: PLACES } = wholeReport();
const ERRORS = failing('error');

describe('the report of a check for people', () => {
	it('has the levels, what failed with all that is known, and the verdict', () => {
		expect(checkTextReport(WHOLE, PLACES, false)).toMatchInlineSnapshot(`
			"nft-gen check  deploy, as Kubernetes 1.37 does
			3 nodes, 8 Services
			input       nothing found
			policy      1 warning; 1 skipped
			assertions  1 error
			kernel      not asked for: no --kernel

			WARN   external-local-gap  Service shop/web
			       externalTrafficPolicy Local drops what comes from outside on 2 of 3 nodes: no endpoint is there
			       at    deploy/web.yaml:13:26
			       on    n2, n3
			       hint  a load balancer leaves these nodes out

			ERROR  assertion  web is reachable
			       pod:any to svc:shop/web: expected delivered, and it is refused
			       at    assert.yaml
			       on    n2, n3
			       flow  any pod (10.244.1.1) → shop/web:http (10.96.0.20:80/tcp), at n2
			       is    refused
			       try   nft-gen trace --node n2 --to svc:shop/web -f 'my deploy'

			skipped selector-matches-nothing: no Pod is in the input

			1 error, 1 warning
			"
		`);
	});

	it('is short where nothing is wrong', () => {
		const [fine] = WHOLE.results;
		const report = checkReport({ results: fine === undefined ? [] : [fine] });
		expect(checkTextReport(report, new Map(), false)).toMatch(/\n\nnothing is wrong\n$/);
	});

	it('cannot be made to fake a line', () => {
		fc.assert(
			fc.property(arbitraryReport, (report) => {
				const lines = checkTextReport(report, new Map(), false).split('\n');
				expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
				expect(lines.filter((line) => /^(?:ERROR|WARN |NOTE ) {2}/.test(line))).toHaveLength(
					report.results.filter(({ status }) => status === 'failed').length,
				);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the report of a check as TAP', () => {
	it('has a test point for each result', () => {
		expect(checkTapReport(WHOLE, PLACES, ERRORS)).toMatchInlineSnapshot(`
			"TAP version 14
			1..4
			ok 1 - input
			not ok 2 - external-local-gap: Service shop/web # TODO no gate counts this warning
			  ---
			  message: "externalTrafficPolicy Local drops what comes from outside on 2 of 3 nodes: no endpoint is there"
			  severity: "warn"
			  at: "deploy/web.yaml:13:26"
			  nodes: "n2, n3"
			  hint: "a load balancer leaves these nodes out"
			  ...
			ok 3 - selector-matches-nothing # SKIP no Pod is in the input
			not ok 4 - assertion: web is reachable
			  ---
			  message: "pod:any to svc:shop/web: expected delivered, and it is refused"
			  severity: "error"
			  at: "assert.yaml"
			  nodes: "n2, n3"
			  flow: "any pod (10.244.1.1) → shop/web:http (10.96.0.20:80/tcp), at n2"
			  found: "refused"
			  try: "nft-gen trace --node n2 --to svc:shop/web -f 'my deploy'"
			  ...
			"
		`);
	});

	it('says which level was skipped', () => {
		const report = checkReport({ levels: [{ level: 'kernel', state: 'skipped', reason: 'no #user namespace' }] });
		expect(checkTapReport(report, new Map(), ERRORS)).toBe(
			'TAP version 14\n1..1\nok 1 - kernel # SKIP no \\#user namespace\n',
		);
	});

	it('has as many points as it plans, and directives of its own only, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryReport, (report) => {
				const lines = checkTapReport(report, new Map(), ERRORS).split('\n');
				const points = lines.filter((line) => /^(?:not )?ok \d+ - /.test(line));
				expect(lines[1]).toBe(`1..${points.length}`);
				const failed = points.filter((line) => line.startsWith('not ') && !/(?<!\\)# TODO/.test(line));
				expect(failed).toHaveLength(report.results.filter(ERRORS).length);
				const others = lines.slice(2).filter((line) => !/^(?:(?:not )?ok \d+ - |# incomplete: | {2}|$)/.test(line));
				expect(others).toEqual([]);
				for (const block of lines.join('\n').matchAll(/^ {2}---\n(.*?)^ {2}\.\.\.$/gms)) {
					expect(parse(block[1] ?? '')).toHaveProperty('severity');
				}
			}),
			{ numRuns: 200 },
		);
	});
});

/** The tags of a text of XML; throws where it is not well-formed. */
function tagsOf(xml: string): readonly string[] {
	const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
	const open: string[] = [];
	const tags: string[] = [];
	const rest = body.replace(
		/<(\/?)([a-z]+)((?: [a-z]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|apos);[^"<>&]*)*")*)(\/?)>/g,
		(_tag, closes: string, name: string, _attributes, single: string) => {
			if (closes !== '' && open.pop() !== name) throw new Error(`</${name}> closes something else`);
			if (closes === '') tags.push(name);
			if (closes === '' && single === '') open.push(name);
			return '';
		},
	);
	if (open.length > 0) throw new Error(`<${open.join('><')}> stay open`);
	const text = rest.replace(/&(?:amp|lt|gt|quot|apos);/g, '');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them.
	if (/[<>&\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new Error('it has what XML forbids');
	return tags;
}

describe('the report of a check as JUnit XML', () => {
	it('has a suite for each level that was run, and a case for each result', () => {
		expect(checkJunitReport(WHOLE, PLACES, ERRORS)).toMatchInlineSnapshot(`
			"<?xml version="1.0" encoding="UTF-8"?>
			<testsuites name="nft-gen check" tests="4" failures="1">
			  <testsuite name="input" tests="1" failures="0" skipped="0">
			    <testcase classname="input.input" name="input"/>
			  </testsuite>
			  <testsuite name="policy" tests="2" failures="0" skipped="2">
			    <testcase classname="policy.external-local-gap" name="external-local-gap: Service shop/web" file="deploy/web.yaml"><skipped message="warning, which no gate counts: externalTrafficPolicy Local drops what comes from outside on 2 of 3 nodes: no endpoint is there"/></testcase>
			    <testcase classname="policy.selector-matches-nothing" name="selector-matches-nothing"><skipped message="no Pod is in the input"/></testcase>
			  </testsuite>
			  <testsuite name="assertions" tests="1" failures="1" skipped="0">
			    <testcase classname="assertions.assertion" name="assertion: web is reachable" file="assert.yaml"><failure type="error" message="pod:any to svc:shop/web: expected delivered, and it is refused">pod:any to svc:shop/web: expected delivered, and it is refused
			at: assert.yaml
			on: n2, n3
			flow: any pod (10.244.1.1) → shop/web:http (10.96.0.20:80/tcp), at n2
			is: refused
			try: nft-gen trace --node n2 --to svc:shop/web -f &apos;my deploy&apos;</failure></testcase>
			  </testsuite>
			</testsuites>
			"
		`);
	});

	it('is well-formed, with a failure for each result that counts, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryReport, (report) => {
				const tags = tagsOf(checkJunitReport(report, new Map(), ERRORS));
				expect(tags.filter((tag) => tag === 'testcase')).toHaveLength(report.results.length);
				expect(tags.filter((tag) => tag === 'failure')).toHaveLength(report.results.filter(ERRORS).length);
			}),
			{ numRuns: 200 },
		);
	});
});

interface Sarif {
	readonly runs: readonly {
		readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
		readonly results: readonly {
			readonly ruleId: string;
			readonly ruleIndex: number;
			readonly message: { readonly text: string };
			readonly locations: readonly {
				readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
			}[];
		}[];
	}[];
}

describe('the report of a check for code scanning', () => {
	it('has what failed, at its line', () => {
		const [run] = (JSON.parse(checkSarifReport(WHOLE, PLACES, '0.1.0')) as Sarif).runs;
		expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(['assertion', 'external-local-gap']);
		expect(run?.results).toMatchObject([
			{
				ruleId: 'external-local-gap',
				ruleIndex: 1,
				level: 'warning',
				partialFingerprints: { 'nftgen/v1': 'a3f8c21b9d04' },
				locations: [
					{
						physicalLocation: {
							artifactLocation: { uri: 'deploy/web.yaml' },
							region: { startLine: 13, startColumn: 26 },
						},
					},
				],
			},
			{ ruleId: 'assertion', ruleIndex: 0, level: 'error' },
		]);
	});

	it('has no link of somebody else and no file outside the repository, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryReport, (report) => {
				const [run] = (JSON.parse(checkSarifReport(report, new Map(), '0.1.0')) as Sarif).runs;
				for (const { message, locations, ruleId, ruleIndex } of run?.results ?? []) {
					expect(message.text).not.toMatch(/(?<!\\)[[\]]/);
					expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^[\w.%-]+(?:\/[\w.%-]+)*$/);
					expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
				}
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the report of a check for programs', () => {
	const json = (report = WHOLE) => JSON.parse(checkJsonReport(report, PLACES, [], '0.1.0'));

	it('has all that was found', () => {
		const document = checkFormat.parse(json());
		expect(document).toMatchObject({
			complete: false,
			source: 'deploy',
			inputs: { kubernetes_version: '1.37', nodes: 3, services: 8 },
			summary: { error: 1, warn: 1, info: 0, ok: 1, skipped: 1 },
		});
		expect(document.results[1]).toMatchObject({ place: { file: 'deploy/web.yaml', line: 13, column: 26 } });
		expect(document.results[3]?.witness).toMatchObject({ node: 'n2', outcome: 'refused' });
	});

	it('is complete where nothing was skipped', () => {
		expect(json(checkReport({ results: [result()] }))).toMatchObject({ complete: true });
		expect(json(checkReport({ gaps: ['x'] }))).toMatchObject({ complete: false, gaps: ['x'] });
		const levels = [{ level: 'kernel', state: 'skipped', reason: 'no user namespace' }] as const;
		expect(json(checkReport({ levels }))).toMatchObject({ complete: false });
	});

	it('has the fields of the schema and no others, whatever is found', () => {
		fc.assert(
			fc.property(arbitraryReport, (report) => {
				const document = json(report);
				expect(checkFormat.parse(document)).toEqual(document);
			}),
			{ numRuns: 200 },
		);
	});

	it('has a schema that is shipped', () => {
		expect(readFileSync(`schema/check-${CHECK_FORMAT_VERSION}.schema.json`, 'utf8')).toBe(checkSchema());
		expect(checkSchema()).not.toContain('additionalProperties');
	});
});
