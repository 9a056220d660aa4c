import { plain, prose } from './escape.ts';
import { TARGETS_VERSION, type TargetsDocument } from './targets-format.ts';

/** What came of one target of several. */
export interface TargetReport {
	readonly name: string;
	/** its own exit code */
	readonly code: number;
	/** the report alone, or why there is none */
	readonly report: { readonly text: string } | { readonly error: string };
}

/** The reports of several targets as one, in the form that each of them has. */
export function joinReports(
	format: 'text' | 'markdown' | 'json' | 'patch' | 'sarif',
	targets: readonly TargetReport[],
): string {
	switch (format) {
		case 'text':
		case 'patch':
			return targets.map((target) => `target ${target.name}\n\n${textOf(target)}`).join('\n');
		case 'markdown':
			return targets.map(markdownOf).join('\n');
		case 'json':
			return jsonOf(targets);
		case 'sarif':
			return sarifOf(targets);
	}
}

function textOf({ report }: TargetReport): string {
	return 'text' in report ? report.text : `failed: ${plain(report.error)}\n`;
}

function markdownOf({ name, report }: TargetReport): string {
	return 'text' in report ? report.text : `### ❌ nft-gen failed · \`${name}\`\n\n${prose(report.error)}\n`;
}

function jsonOf(targets: readonly TargetReport[]): string {
	const document: TargetsDocument = {
		format_version: TARGETS_VERSION,
		targets: targets.map(({ name, code, report }) => ({
			name,
			exit_code: code,
			error: 'error' in report ? report.error : null,
			report: 'text' in report ? JSON.parse(report.text) : null,
		})),
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

interface Sarif {
	readonly runs: readonly object[];
}

/** Runs of one tool are told apart by an id, without which GitHub refuses the second. */
function sarifOf(targets: readonly TargetReport[]): string {
	const documents = targets.flatMap(({ name, report }) =>
		'text' in report ? [{ name, sarif: JSON.parse(report.text) as Sarif }] : [],
	);
	const runs = documents.flatMap(({ name, sarif }) =>
		sarif.runs.map((run) => ({ ...run, automationDetails: { id: `nft-gen/${name}/` } })),
	);
	const frame = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' };
	return `${JSON.stringify({ ...frame, ...documents[0]?.sarif, runs }, null, 2)}\n`;
}
