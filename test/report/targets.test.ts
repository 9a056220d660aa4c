import { describe, expect, it } from 'vitest';
import { joinReports, type TargetReport } from '../../src/report/targets.ts';
import { targetsFormat } from '../../src/report/targets-format.ts';

const FAILED: TargetReport = { name: 'test', code: 1, report: { error: 'deploy/`x`\n<b>|\u001b[31m is gone' } };

function read(name: string, text: string): TargetReport {
	return { name, code: 0, report: { text } };
}

describe('the reports of several targets', () => {
	it('stand under their names as text', () => {
		expect(joinReports('text', [read('prod', 'nothing changes\n'), FAILED])).toBe(
			'target prod\n\nnothing changes\n\ntarget test\n\nfailed: deploy/`x`\uFFFD<b>|\uFFFD[31m is gone\n',
		);
	});

	it('are comments one after the other in Markdown; why one is missing cannot be more than text', () => {
		expect(joinReports('markdown', [read('prod', '### ok\n'), FAILED])).toMatchInlineSnapshot(`
			"### ok

			### ❌ nft-gen failed · \`test\`

			\`\`deploy/\`x\`�<b>|�[31m\`\` is gone
			"
		`);
	});

	it('are one document in JSON', () => {
		const document: unknown = JSON.parse(joinReports('json', [FAILED]));
		expect(targetsFormat.parse(document)).toEqual({
			format_version: '1.0',
			targets: [{ name: 'test', exit_code: 1, error: 'deploy/`x`\n<b>|\u001b[31m is gone', report: null }],
		});
	});

	it('are runs of one document in SARIF, without those that are missing', () => {
		const sarif = JSON.stringify({ version: '2.1.0', runs: [{ results: [] }] });
		expect(JSON.parse(joinReports('sarif', [read('a', sarif), FAILED, read('b', sarif)]))).toEqual({
			$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
			version: '2.1.0',
			runs: [
				{ results: [], automationDetails: { id: 'nft-gen/a/' } },
				{ results: [], automationDetails: { id: 'nft-gen/b/' } },
			],
		});
		expect(JSON.parse(joinReports('sarif', [FAILED]))).toMatchObject({ version: '2.1.0', runs: [] });
	});
});
