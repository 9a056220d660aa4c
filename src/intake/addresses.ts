import { type ByFamily, byFamily, type Cidr, type ParsedAddress, parseAddress, parseCidr } from '../model/ip.ts';
import { inside, type Origin } from '../model/problem.ts';
import type { Report } from './documents.ts';
import { shown } from './names.ts';

/** What a list of texts belongs to, for messages. */
export interface Field {
	readonly object: string;
	readonly origin: Origin;
	/** path of the list inside the object */
	readonly path: readonly (string | number)[];
}

/** Reads one address; null, with an error reported, when it is none. */
export function readAddress(text: string, field: Field, report: Report): ParsedAddress | null {
	const parsed = parseAddress(text);
	if ('invalid' in parsed) {
		reportValue('bad-address', text, `${parsed.invalid}; it is left out`, field, report);
		return null;
	}
	if (parsed.oddity !== null) reportValue('odd-address', text, parsed.oddity, field, report);
	return parsed;
}

function reportValue(
	code: `${'bad' | 'odd'}-${'address' | 'network'}`,
	text: string,
	what: string,
	field: Field,
	report: Report,
): void {
	const odd = code.startsWith('odd');
	report({
		code,
		severity: odd ? 'warning' : 'error',
		origin: inside(field.origin, ...field.path),
		object: field.object,
		sentence: `${field.path.filter((part) => typeof part === 'string').join('.')} ${shown(text)} ${what}`,
		hint: odd ? 'write it canonically: other programs may read it differently' : null,
	});
}

/** Reads a list of addresses and sorts them by family; blank entries are passed over, as kube-proxy does. */
export function readAddresses(texts: readonly string[], field: Field, report: Report): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const [index, text] of texts.entries()) {
		if (text.trim() === '') continue;
		const parsed = readAddress(text, { ...field, path: [...field.path, index] }, report);
		if (parsed !== null && !found[parsed.family].includes(parsed.address)) found[parsed.family].push(parsed.address);
	}
	return found;
}

/** Reads a list of networks and sorts them by family; the API server allows blanks around each. */
export function readCidrs(texts: readonly string[], field: Field, report: Report): ByFamily<readonly Cidr[]> {
	const found = byFamily<Cidr[]>(() => []);
	for (const [index, text] of texts.entries()) {
		const entry = { ...field, path: [...field.path, index] };
		const parsed = parseCidr(text.trim());
		if ('invalid' in parsed) {
			reportValue('bad-network', text, `${parsed.invalid}; it is left out`, entry, report);
			continue;
		}
		if (parsed.oddity !== null) reportValue('odd-network', text, parsed.oddity, entry, report);
		found[parsed.cidr.family].push(parsed.cidr);
	}
	return found;
}
