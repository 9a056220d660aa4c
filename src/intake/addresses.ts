import {
	type ByFamily,
	byFamily,
	type Cidr,
	cidrText,
	type ParsedAddress,
	parseAddress,
	parseCidr,
} from '../model/ip.ts';
import { shown } from '../model/names.ts';
import { below, type Field, fieldName, problemAt, type Report } from './fields.ts';

/** Reads one address; null, with an error reported, when it is none. */
export function readAddress(text: string, field: Field, report: Report): ParsedAddress | null {
	const parsed = parseAddress(text);
	if ('invalid' in parsed) {
		reportBad('bad-address', text, parsed.invalid, field, report);
		return null;
	}
	if (parsed.oddity !== null) reportOdd('odd-address', text, parsed.oddity, parsed.address, field, report);
	return parsed;
}

function reportBad(
	code: 'bad-address' | 'bad-network',
	text: string,
	what: string,
	field: Field,
	report: Report,
): void {
	const sentence = `${fieldName(field.path)} ${shown(text)} ${what}; it is left out`;
	report(problemAt(field, { code, severity: 'error', sentence }));
}

function reportOdd(
	code: 'odd-address' | 'odd-network',
	text: string,
	what: string,
	canonical: string,
	field: Field,
	report: Report,
): void {
	const sentence = `${fieldName(field.path)} ${shown(text)} ${what}`;
	const hint = `write ${canonical}: other programs may read it differently`;
	report(problemAt(field, { code, severity: 'warning', sentence, hint }));
}

/** Reads a list of addresses and sorts them by family; blank entries are passed over, as kube-proxy does. */
export function readAddresses(texts: readonly string[], field: Field, report: Report): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const [index, text] of texts.entries()) {
		if (text.trim() === '') continue;
		const parsed = readAddress(text, below(field, index), report);
		if (parsed !== null) addNew(found, parsed);
	}
	return found;
}

/** Adds an address to those of its family, once. */
export function addNew(found: ByFamily<string[]>, { family, address }: ParsedAddress): void {
	if (!found[family].includes(address)) found[family].push(address);
}

/** A list of networks, by family, and the entries that are none. */
export interface ReadCidrs {
	readonly cidrs: ByFamily<readonly Cidr[]>;
	readonly unreadable: readonly string[];
}

/** Reads a list of networks; the API server allows blanks around each. */
export function readCidrs(texts: readonly string[], field: Field, report: Report): ReadCidrs {
	const cidrs = byFamily<Cidr[]>(() => []);
	const unreadable: string[] = [];
	for (const [index, text] of texts.entries()) {
		const entry = below(field, index);
		const parsed = parseCidr(text.trim());
		if ('invalid' in parsed) {
			unreadable.push(text);
			reportBad('bad-network', text, parsed.invalid, entry, report);
			continue;
		}
		if (parsed.oddity !== null) reportOdd('odd-network', text, parsed.oddity, cidrText(parsed.cidr), entry, report);
		cidrs[parsed.cidr.family].push(parsed.cidr);
	}
	return { cidrs, unreadable };
}
