import { compare } from '../../src/diff/compare.ts';
import type { Comparison } from '../../src/diff/comparison.ts';
import { type FindingOptions, findings } from '../../src/findings/findings.ts';
import type { Finding } from '../../src/model/change-set.ts';
import type { Document } from '../../src/model/document.ts';
import { NO_SYMBOLS, type Symbols } from '../../src/model/symbols.ts';
import { readCluster } from '../../src/pipeline.ts';
import { documents, settings } from './objects.ts';

/** What a comparison of two clusters found. */
export interface Found {
	readonly comparison: Comparison;
	readonly findings: readonly Finding[];
}

const NO_OPTIONS: FindingOptions = { severities: new Map(), onlyAffects: [], maxRemovedPercent: null };

/** Compares two clusters, given as documents. */
export function foundIn(
	base: readonly Document[],
	head: readonly Document[],
	options: Partial<FindingOptions> = {},
	symbols: Symbols = NO_SYMBOLS,
): Found {
	const network = settings();
	const sides = [base, head].map((read) => ({ ...readCluster(read, network), documents: read }));
	const [old, now] = sides;
	if (old === undefined || now === undefined) throw new Error('two sides are compared');
	const comparison = compare(old.state, now.state, network);
	const input = { comparison, base: old, head: now, network, symbols };
	return { comparison, findings: findings({ ...input, options: { ...NO_OPTIONS, ...options } }) };
}

type Objects = readonly unknown[];

/** What is found between two lists of objects. */
export function found(base: Objects, head: Objects, options: Partial<FindingOptions> = {}): readonly Finding[] {
	return foundIn(documents(...base), documents(...head), options).findings;
}

/** Ids and objects in one line each: `service-blackholed shop/web:http`. */
export function inShort(list: readonly Finding[]): readonly string[] {
	return list.map(({ id, object: { namespace, name, port } }) => {
		const whose = namespace === null ? '' : ` ${namespace}/${name}${port ? `:${port}` : ''}`;
		return `${id}${whose}`;
	});
}
