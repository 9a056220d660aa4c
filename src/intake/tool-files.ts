import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';

/** A file among the manifests that is for another program. */
export interface ToolFile {
	/** what it is counted as */
	readonly kind: 'Kustomization' | 'Chart';
	/** what is lost, because the other program does not run here; null for nothing */
	readonly problem: Problem | null;
}

/** Fields of a kustomization that change what the objects are (kustomize's types.Kustomization). Others name files or images. */
const CHANGING: readonly string[] = [
	'namespace',
	'namePrefix',
	'nameSuffix',
	'commonLabels',
	'labels',
	'components',
	'patches',
	'patchesStrategicMerge',
	'patchesJson6902',
	'replacements',
	'replicas',
	'transformers',
	'vars',
	'helmCharts',
];

/**
 * Tells the files of kustomize and Helm, which stand beside manifests and are none. A kustomization need not say its kind.
 * @returns null for everything else, also for what Flux calls a Kustomization
 */
export function toolFile(document: Document): ToolFile | null {
	const { value } = document;
	if (typeof value !== 'object' || value === null) return null;
	if (isKustomization(document.file, value)) return { kind: 'Kustomization', problem: notKustomized(document, value) };
	return isChart(document.file, value) ? { kind: 'Chart', problem: notRendered(document) } : null;
}

function isKustomization(file: string, value: object): boolean {
	const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
	if (kind === undefined) return /(?:^|\/)kustomization\.ya?ml$/.test(file);
	return kind === 'Kustomization' && String(apiVersion).startsWith('kustomize.config.k8s.io/');
}

function isChart(file: string, value: object): boolean {
	return /(?:^|\/)Chart\.yaml$/.test(file) && !('kind' in value) && 'version' in value;
}

function notKustomized(document: Document, value: object): Problem | null {
	const changing = CHANGING.filter((field) => field in value);
	if (changing.length === 0) return null;
	return {
		...problemOf(document),
		code: 'not-kustomized',
		sentence: `what it says of ${changing.join(', ')} is not done: objects are read as their files have them`,
		hint: 'pass what "kubectl kustomize FOLDER" prints',
	};
}

function notRendered(document: Document): Problem {
	return {
		...problemOf(document),
		code: 'not-rendered',
		sentence: 'this is a chart of Helm, whose templates are not filled in here; it is passed over',
		hint: 'pass what "helm template FOLDER" prints',
	};
}

function problemOf({ file, index }: Document) {
	return { severity: 'warning' as const, origin: { file, document: index, path: [] }, object: null };
}
