import type { CheckPlaces, CheckReport, CheckResult } from '../model/check-report.ts';
import { isFailed } from './check-words.ts';
import { plain } from './escape.ts';
import { SARIF_LEVELS, sarifLocation, sarifLog, sarifMessage } from './sarif-log.ts';

/** What failed as SARIF 2.1.0: code scanning shows it beside its line. */
export function checkSarifReport({ results }: CheckReport, places: CheckPlaces, toolVersion: string): string {
	return sarifLog(
		results.filter(isFailed).map((result) => resultJson(result, places)),
		toolVersion,
	);
}

function resultJson({ id, severity, object, sentence, hint, origin, fingerprint }: CheckResult, places: CheckPlaces) {
	const text = `${object === null ? '' : `${object}: `}${sentence}.${hint === null ? '' : ` ${hint}`}`;
	return {
		ruleId: plain(id),
		level: SARIF_LEVELS[severity],
		message: sarifMessage(text),
		locations: [sarifLocation(origin?.file ?? null, origin === null ? undefined : places.get(origin))],
		partialFingerprints: { 'nftgen/v1': fingerprint },
	};
}
