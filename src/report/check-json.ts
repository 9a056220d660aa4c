import type { FailedGate } from '../model/change-set.ts';
import type { CheckPlaces, CheckReport, CheckResult } from '../model/check-report.ts';
import type { CheckDocument } from './check-format.ts';
import { isComplete, isFailed } from './check-words.ts';

/**
 * What a check found, for programs, in the form of `schema/check-1.0.schema.json`. Every field is always there, null where it has
 * no value; equal reports give equal bytes.
 */
export function checkJsonReport(
	report: CheckReport,
	places: CheckPlaces,
	gates: readonly FailedGate[],
	toolVersion: string,
): string {
	const { source, release, nodes, services, levels, results, gaps } = report;
	const document: CheckDocument = {
		format_version: '1.0',
		tool_version: toolVersion,
		complete: isComplete(report),
		source,
		inputs: { kubernetes_version: release, nodes, services },
		summary: summaryJson(results),
		levels: levels.map(({ level, state, reason }) => ({ level, state, reason })),
		results: results.map((result) => resultJson(result, places)),
		gates: gates.map(({ gate, sentence }) => ({ gate, sentence })),
		gaps: [...gaps],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

function summaryJson(results: readonly CheckResult[]): CheckDocument['summary'] {
	const failed = results.filter(isFailed);
	const of = (severity: CheckResult['severity']) => failed.filter((each) => each.severity === severity).length;
	const other = (status: CheckResult['status']) => results.filter((each) => each.status === status).length;
	return { error: of('error'), warn: of('warn'), info: of('info'), ok: other('ok'), skipped: other('skipped') };
}

function resultJson(result: CheckResult, places: CheckPlaces): CheckDocument['results'][number] {
	const { id, level, severity, status, fingerprint, object, sentence, origin, nodes, hint, witness } = result;
	const place = origin === null ? undefined : places.get(origin);
	return {
		id,
		level,
		severity,
		status,
		fingerprint,
		object,
		sentence,
		place: origin && { file: origin.file, line: place?.line ?? null, column: place?.column ?? null },
		nodes: [...nodes],
		hint,
		witness: witness && { ...witness, command: witness.command && [...witness.command] },
	};
}
